// SwiftPM asks for a source file; compiling the header on its own shows that it is complete.
#include "CBBBLibc.h"
