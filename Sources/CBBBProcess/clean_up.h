#ifndef CBBB_CLEAN_UP_H
#define CBBB_CLEAN_UP_H

/// Calls what `bbb_set_clean_up` was given, if anything.
void bbb_clean_up(void);

#endif
