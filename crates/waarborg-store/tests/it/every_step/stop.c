// Stops a program at the n-th thing that it does to a file or to a server, for tests/it/every_step.rs.
//
//   cc -shared -fPIC -O1 -o stop.so stop.c -ldl -lpthread;  LD_PRELOAD=stop.so STOP_AT=7 STOP_HOW=kill program
//
// Counting begins when a file named `armed` is made. STOP_AT=0 only counts; the number is then written into STOP_COUNT.
//
//   kill    the n-th operation does not happen
//   torn    half of it does, if it writes
//   power   it does not happen, and what was written and not synced is as it was before: bytes and lengths of files,
//           files that were made, moved or removed without a sync of their folder
//
// Reading is no operation. Standard streams, pipes and the like are none either.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int armed, inside;
static long count, stop_at = -1;
static enum { KILL, TORN, POWER } how;

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)

enum kind { BYTES, LENGTH, MADE, MOVED, REMOVED };

// What must be undone when the power goes before the next sync.
struct change {
    struct change *before;
    enum kind kind;
    dev_t device;
    ino_t file;            // of the file, or of its folder for MADE, MOVED and REMOVED
    off_t at;
    off_t length;          // of the file before
    size_t n;
    char *bytes;
    char path[PATH_MAX], from[PATH_MAX], stash[PATH_MAX];
};
static struct change *last;

// Our own way to a file that the program may have closed since.
struct hand { struct hand *next; dev_t device; ino_t file; int fd; };
static struct hand *hands;

static int hand_of(dev_t device, ino_t file, int fd) {
    for (struct hand *hand = hands; hand; hand = hand->next)
        if (hand->device == device && hand->file == file) return hand->fd;
    if (fd < 0) return -1;
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int own = open(path, O_RDWR | O_CLOEXEC);
    if (own < 0) return -1;
    struct hand *hand = calloc(1, sizeof *hand);
    *hand = (struct hand){hands, device, file, own};
    hands = hand;
    return own;
}

static struct change *note(enum kind kind, const struct stat *of) {
    struct change *change = calloc(1, sizeof *change);
    change->before = last;
    change->kind = kind;
    change->device = of->st_dev;
    change->file = of->st_ino;
    change->length = of->st_size;
    last = change;
    return change;
}

static void undo(void) {
    for (; last; last = last->before) {
        if (last->kind == MADE) {
            unlink(last->path);
        } else if (last->kind == MOVED) {
            rename(last->path, last->from);
            if (*last->stash) rename(last->stash, last->path);
        } else if (last->kind == REMOVED) {
            rename(last->stash, last->path);
        } else {
            int fd = hand_of(last->device, last->file, -1);
            if (last->n && pwrite(fd, last->bytes, last->n, last->at) < 0) abort();
            if (ftruncate(fd, last->length)) abort();
        }
    }
}

static void stop(void) {
    inside = 1;
    if (how == POWER) undo();
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// One operation more; says whether half of it must be done, after which the program must stop.
static int step(void) {
    if (!armed || inside) return 0;
    count++;
    if (stop_at <= 0 || count < stop_at) return 0;
    if (how == TORN) return 1;
    stop();
    return 0;
}

static int counts(int fd, struct stat *is) {
    if (inside || !armed || fstat(fd, is)) return 0;
    if (S_ISREG(is->st_mode) || S_ISDIR(is->st_mode)) return 1;
    if (!S_ISSOCK(is->st_mode)) return 0;
    int domain = 0;
    socklen_t length = sizeof domain;
    getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length);
    return domain == AF_INET || domain == AF_INET6;
}

static void before_write(int fd, off_t at, size_t n, const struct stat *is) {
    if (how != POWER || !S_ISREG(is->st_mode)) return;
    inside = 1;
    int own = hand_of(is->st_dev, is->st_ino, fd);
    if (own >= 0) {
        struct change *change = note(BYTES, is);
        change->at = at;
        change->bytes = malloc(n ? n : 1);
        ssize_t old = pread(own, change->bytes, n, at);
        change->n = old > 0 ? old : 0;
    }
    inside = 0;
}

static void synced(const struct stat *is) {
    for (struct change **at = &last; *at;) {
        if ((*at)->device == is->st_dev && (*at)->file == is->st_ino) {
            if (*(*at)->stash) unlink((*at)->stash);
            *at = (*at)->before;
        } else {
            at = &(*at)->before;
        }
    }
}

static int folder_of(const char *path, struct stat *is) {
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    return stat(dirname(copy), is);
}

static void stash(struct change *change, const char *path) {
    static int number;
    struct stat is;
    if (lstat(path, &is)) return;
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    // Outside the store's folders, so that nobody finds it there; on the same disk.
    snprintf(change->stash, sizeof change->stash, "%s/stash-%d-%d", getenv("STOP_STASH"), getpid(), number++);
    if (link(path, change->stash)) *change->stash = 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *at = getenv("STOP_AT"), *said = getenv("STOP_HOW");
    if (at) stop_at = atol(at);
    how = !said || !strcmp(said, "kill") ? KILL : !strcmp(said, "torn") ? TORN : POWER;
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("STOP_COUNT");
    inside = 1;
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%ld", count);
        fclose(file);
    }
}

#define ENTER pthread_mutex_lock(&lock)
#define LEAVE(result) do { pthread_mutex_unlock(&lock); return result; } while (0)

#define WRITING(fd, at, n, whole, half) \
    ENTER; \
    struct stat is; \
    if (counts(fd, &is)) { \
        if (step()) { inside = 1; half; stop(); } \
        before_write(fd, at, n, &is); \
    } \
    ssize_t result = whole; \
    LEAVE(result)

static off_t place(int fd) {
    int flags = fcntl(fd, F_GETFL);
    struct stat is;
    if (flags >= 0 && (flags & O_APPEND) && !fstat(fd, &is)) return is.st_size;
    off_t at = lseek(fd, 0, SEEK_CUR);
    return at < 0 ? 0 : at;
}

ssize_t write(int fd, const void *bytes, size_t n) {
    REAL(ssize_t, write, int, const void *, size_t);
    WRITING(fd, place(fd), n, real(fd, bytes, n), real(fd, bytes, n / 2));
}
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at) {
    REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
    WRITING(fd, at, n, real(fd, bytes, n, at), real(fd, bytes, n / 2, at));
}
ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    WRITING(fd, at, n, real(fd, bytes, n, at), real(fd, bytes, n / 2, at));
}
ssize_t writev(int fd, const struct iovec *parts, int n) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    size_t all = 0;
    for (int i = 0; i < n; i++) all += parts[i].iov_len;
    WRITING(fd, place(fd), all, real(fd, parts, n), real(fd, parts, 1));
}
ssize_t send(int fd, const void *bytes, size_t n, int flags) {
    REAL(ssize_t, send, int, const void *, size_t, int);
    WRITING(fd, 0, n, real(fd, bytes, n, flags), real(fd, bytes, n / 2, flags));
}
ssize_t sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t length) {
    REAL(ssize_t, sendto, int, const void *, size_t, int, const struct sockaddr *, socklen_t);
    WRITING(fd, 0, n, real(fd, bytes, n, flags, to, length), real(fd, bytes, n / 2, flags, to, length));
}
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    REAL(ssize_t, sendmsg, int, const struct msghdr *, int);
    WRITING(fd, 0, 0, real(fd, message, flags), (void)0);
}

// A copy inside the kernel becomes reading and writing, which are counted.
ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t n, unsigned flags) {
    (void)from, (void)a, (void)to, (void)b, (void)n, (void)flags;
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile(int to, int from, off_t *at, size_t n) {
    (void)to, (void)from, (void)at, (void)n;
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t n) {
    (void)to, (void)from, (void)at, (void)n;
    errno = ENOSYS;
    return -1;
}

#define SYNCING(name) \
    int name(int fd) { \
        REAL(int, name, int); \
        ENTER; \
        struct stat is; \
        int counted = counts(fd, &is); \
        if (counted && step()) stop(); \
        int result = real(fd); \
        if (counted && !result) { inside = 1; synced(&is); inside = 0; } \
        LEAVE(result); \
    }
SYNCING(fsync)
SYNCING(fdatasync)

static void before_length(int fd, off_t length, const struct stat *is) {
    if (how != POWER || !S_ISREG(is->st_mode)) return;
    if (length < is->st_size) {
        before_write(fd, length, is->st_size - length, is);
    } else {
        inside = 1;
        if (hand_of(is->st_dev, is->st_ino, fd) >= 0) note(LENGTH, is);
        inside = 0;
    }
}

int ftruncate(int fd, off_t length) {
    REAL(int, ftruncate, int, off_t);
    ENTER;
    struct stat is;
    if (counts(fd, &is)) {
        if (step()) stop();
        before_length(fd, length, &is);
    }
    int result = real(fd, length);
    LEAVE(result);
}
int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    ENTER;
    struct stat folder;
    if (armed && !inside && !folder_of(to, &folder)) {
        if (step()) stop();
        if (how == POWER) {
            inside = 1;
            struct change *change = note(MOVED, &folder);
            snprintf(change->path, PATH_MAX, "%s", to);
            snprintf(change->from, PATH_MAX, "%s", from);
            stash(change, to);
            inside = 0;
        }
    }
    int result = real(from, to);
    LEAVE(result);
}

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    ENTER;
    struct stat folder, is;
    if (armed && !inside && !lstat(path, &is) && !folder_of(path, &folder)) {
        if (step()) stop();
        if (how == POWER) {
            inside = 1;
            struct change *change = note(REMOVED, &folder);
            snprintf(change->path, PATH_MAX, "%s", path);
            stash(change, path);
            inside = 0;
        }
    }
    int result = real(path);
    LEAVE(result);
}

static void before_open(const char *path, int flags) {
    const char *name = strrchr(path, '/');
    struct stat is, folder;
    if (!(flags & O_CREAT) || inside) return;
    if (name && !strcmp(name, "/armed")) {
        armed = 1;
        return;
    }
    if (!armed) return;
    if (!lstat(path, &is)) {
        if (!(flags & O_TRUNC) || !S_ISREG(is.st_mode)) return;
        if (step()) stop();
        if (how == POWER) {
            inside = 1;
            int fd = open(path, O_RDWR | O_CLOEXEC);
            inside = 0;
            if (fd >= 0) before_length(fd, 0, &is);
            if (fd >= 0) close(fd);
        }
        return;
    }
    if (folder_of(path, &folder)) return;
    if (step()) stop();
    if (how == POWER) {
        inside = 1;
        struct change *change = note(MADE, &folder);
        snprintf(change->path, PATH_MAX, "%s", path);
        inside = 0;
    }
}

#define OPENING(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, name, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = va_arg(rest, mode_t); \
        va_end(rest); \
        ENTER; \
        before_open(path, flags); \
        int result = real(path, flags, mode); \
        LEAVE(result); \
    }
OPENING(open)
OPENING(open64)
