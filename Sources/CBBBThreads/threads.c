#include "CBBBThreads.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

/// Work that is under way, on the stack of the thread that asked for it.
struct job {
  void (*body)(void *context, long index, long worker);
  void *context;
  long count;
  /// The next index that nobody has begun.
  atomic_long next;
  /// How many more threads may join; guarded by `lock`, as what follows.
  long places;
  /// How many threads have joined, left or not: the number of the next.
  long joined;
  /// How many threads have joined and not yet left.
  long helpers;
  pthread_cond_t left;
  struct job *following;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrival = PTHREAD_COND_INITIALIZER;
/// The jobs that threads may still join.
static struct job *open_jobs = NULL;
static long thread_count = 0;
static long idle_count = 0;
/// Whether the system has refused a thread: it is not asked again, which takes time whenever it refuses.
static bool is_refused = false;

static void work_on(struct job *job, long worker) {
  for (;;) {
    long index = atomic_fetch_add_explicit(&job->next, 1, memory_order_relaxed);
    if (index >= job->count) return;
    job->body(job->context, index, worker);
  }
}

/// Takes a place in the first job that has one, and a number in it; with `lock` held.
static struct job *join_job(long *worker) {
  struct job *job = open_jobs;
  if (job == NULL) return NULL;
  job->helpers += 1;
  job->joined += 1;
  *worker = job->joined;
  job->places -= 1;
  if (job->places == 0) open_jobs = job->following;
  return job;
}

static void *help(void *unused) {
  pthread_mutex_lock(&lock);
  for (;;) {
    long worker;
    struct job *job = join_job(&worker);
    if (job == NULL) {
      idle_count += 1;
      pthread_cond_wait(&arrival, &lock);
      idle_count -= 1;
      continue;
    }
    pthread_mutex_unlock(&lock);
    work_on(job, worker);
    pthread_mutex_lock(&lock);
    job->helpers -= 1;
    if (job->helpers == 0) pthread_cond_signal(&job->left);
  }
  return unused;
}

/// Makes threads until there are enough or the system refuses; with `lock` held.
static void make_threads(long missing, long limit) {
  if (is_refused || missing <= 0 || thread_count >= limit) return;
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  // What runs here does not recurse; where address space is limited, the usual 8 MB would be missed.
  pthread_attr_setstacksize(&attributes, 1 << 20);
  while (missing > 0 && thread_count < limit) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, help, NULL) != 0) {
      is_refused = true;
      break;
    }
    thread_count += 1;
    missing -= 1;
  }
  pthread_attr_destroy(&attributes);
}

void bbb_run_concurrently(
    long count, long most_threads, void *context, void (*body)(void *, long, long)) {
  struct job job = {.body = body, .context = context, .count = count};
  atomic_init(&job.next, 0);
  // The calling thread is one of them, and needs no other for a single call.
  long wanted = (count < most_threads ? count : most_threads) - 1;
  long limit = wanted > 0 ? sysconf(_SC_NPROCESSORS_ONLN) - 1 : 0;
  if (wanted > limit) wanted = limit;
  if (wanted <= 0) {
    work_on(&job, 0);
    return;
  }
  job.places = wanted;
  pthread_cond_init(&job.left, NULL);
  pthread_mutex_lock(&lock);
  job.following = open_jobs;
  open_jobs = &job;
  make_threads(wanted - idle_count, limit);
  for (long thread = 0; thread < wanted && thread < idle_count; thread += 1) {
    pthread_cond_signal(&arrival);
  }
  pthread_mutex_unlock(&lock);

  work_on(&job, 0);

  pthread_mutex_lock(&lock);
  // Nothing is left to begin: nobody else joins, and only those at work are waited for.
  for (struct job **place = &open_jobs; *place != NULL; place = &(*place)->following) {
    if (*place == &job) {
      *place = job.following;
      break;
    }
  }
  while (job.helpers > 0) pthread_cond_wait(&job.left, &lock);
  pthread_mutex_unlock(&lock);
  pthread_cond_destroy(&job.left);
}

static void *wait_for_release(void *gate) {
  pthread_mutex_lock(gate);
  pthread_mutex_unlock(gate);
  return NULL;
}

bool bbb_can_make_threads(int count) {
  pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
  pthread_t threads[64];
  int made = 0;
  pthread_mutex_lock(&gate);
  while (made < count && made < 64
         && pthread_create(&threads[made], NULL, wait_for_release, &gate) == 0) {
    made += 1;
  }
  pthread_mutex_unlock(&gate);
  for (int thread = 0; thread < made; thread += 1) pthread_join(threads[thread], NULL);
  return made == count;
}
