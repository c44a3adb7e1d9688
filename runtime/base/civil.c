#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum { DAY_MS = 86400000, DAY_S = 86400 };

int32_t days_of_civil(int year, int month, int day) {
  year -= month <= 2;
  int era = (year >= 0 ? year : year - 399) / 400;
  int year_of_era = year - era * 400;
  int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

void civil_of_days(int32_t days, int *year, int *month, int *day) {
  days += 719468;
  int era = (days >= 0 ? days : days - 146096) / 146097;
  int day_of_era = days - era * 146097;
  int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int shifted = (5 * day_of_year + 2) / 153; /* months since March */
  *day = day_of_year - (153 * shifted + 2) / 5 + 1;
  *month = shifted + (shifted < 10 ? 3 : -9);
  *year = year_of_era + era * 400 + (*month <= 2);
}

int days_in_month(int year, int month) {
  static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month != 2) return days[month - 1];
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
}

/* The zone the process began with. zone_use() overwrites TZ, which is the C library's one way to be told, so this is
 * what lets zone_use(NULL) find the machine's own zone again. */
static struct {
  bool known, set;
  char value[256];
} machine_zone;

static void remember_machine_zone(void) {
  if (machine_zone.known) return;
  const char *value = getenv("TZ");
  machine_zone.known = true;
  machine_zone.set = value && strlen(value) < sizeof machine_zone.value;
  if (machine_zone.set) strcpy(machine_zone.value, value);
}

/* Where the zone's rules are, as the C library looks for them. */
static bool zone_exists(const char *name) {
  if (strcmp(name, "UTC") == 0) return true;
  if (name[0] == '/' || name[0] == '\0' || strlen(name) >= sizeof((Zone *)0)->name || strstr(name, "..")) return false;
  for (const char *c = name; *c; c++) {
    bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
    if (!letter && !(*c >= '0' && *c <= '9') && !strchr("/_+-", *c)) return false;
  }
  const char *folder = getenv("TZDIR");
  if (!folder || !folder[0]) folder = "/usr/share/zoneinfo";
  char path[512];
  struct stat about;
  int length = snprintf(path, sizeof path, "%s/%s", folder, name);
  return length > 0 && (size_t)length < sizeof path && stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

/* The name behind /etc/localtime where it is a link into the zone folder, else "". */
static void name_machine_zone(Zone *out) {
  char target[256];
  const char *name = "";
  if (machine_zone.set) {
    name = machine_zone.value[0] == ':' ? machine_zone.value + 1 : machine_zone.value;
    if (!name[0]) name = "UTC";
  } else {
    ssize_t length = readlink("/etc/localtime", target, sizeof target - 1);
    if (length > 0) {
      target[length] = '\0';
      const char *folder = strstr(target, "zoneinfo/");
      if (folder) name = folder + strlen("zoneinfo/");
    }
  }
  if (zone_exists(name)) strcpy(out->name, name);
}

Status zone_use(const char *name, Zone *out, Error *error) {
  remember_machine_zone();
  memset(out, 0, sizeof *out);
  if (!name || !name[0]) {
    if (machine_zone.set) {
      setenv("TZ", machine_zone.value, 1);
    } else {
      unsetenv("TZ");
    }
    tzset();
    name_machine_zone(out);
    return STATUS_OK;
  }
  if (!zone_exists(name)) {
    return fail(error, STATUS_USAGE, "",
                "there is no time zone \"%.64s\" on this machine; use an IANA name such as Europe/Berlin, or UTC",
                name);
  }
  strcpy(out->name, name);
  /* "UTC0" needs no zone file. */
  setenv("TZ", strcmp(name, "UTC") == 0 ? "UTC0" : name, 1);
  tzset();
  return STATUS_OK;
}

static bool zone_is_utc(const Zone *zone) {
  return strcmp(zone->name, "UTC") == 0 || strcmp(zone->name, "Etc/UTC") == 0;
}

Instant clock_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (Instant)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_ticks(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t floor_divide(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}

/* Seconds that the zone's clocks are ahead of UTC at `seconds` since 1970. */
static int64_t zone_offset(int64_t seconds) {
  time_t time = (time_t)seconds;
  struct tm local;
  if (!localtime_r(&time, &local)) return 0;
  int64_t shown = (int64_t)days_of_civil(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday) * DAY_S +
                  local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec;
  return shown - seconds;
}

static Civil civil_of_local(int64_t local_ms) {
  int64_t days = floor_divide(local_ms, DAY_MS);
  int in_day = (int)(local_ms - days * DAY_MS);
  Civil civil = {
      .hour = in_day / 3600000,
      .minute = in_day / 60000 % 60,
      .second = in_day / 1000 % 60,
      .millisecond = in_day % 1000,
      .weekday = (int)((days + 3) - floor_divide(days + 3, 7) * 7) + 1, /* 1970-01-01 was a Thursday */
  };
  civil_of_days((int32_t)days, &civil.year, &civil.month, &civil.day);
  return civil;
}

static Instant clamp(Instant instant) {
  return instant < INSTANT_MIN ? INSTANT_MIN : instant > INSTANT_MAX ? INSTANT_MAX : instant;
}

Civil instant_civil(Instant instant, Zone zone) {
  instant = clamp(instant);
  int64_t offset = zone_is_utc(&zone) ? 0 : zone_offset(floor_divide(instant, 1000));
  return civil_of_local(instant + offset * 1000);
}

/* A local time names no instant when clocks jump over it and two when they are put back. The offsets a day before and a
 * day after are those of both sides: a skipped time is read with the earlier one, which lands as far behind the jump as
 * it was into it; of two, the first is meant. */
static int64_t local_offset(int64_t local_seconds) {
  int64_t before = zone_offset(local_seconds - DAY_S), after = zone_offset(local_seconds + DAY_S);
  if (before == after) return before;
  bool fits_before = zone_offset(local_seconds - before) == before;
  bool fits_after = zone_offset(local_seconds - after) == after;
  if (fits_before && fits_after) return before > after ? before : after;
  return fits_after ? after : before;
}

Instant civil_instant(Civil civil, Zone zone) {
  int64_t seconds = (int64_t)days_of_civil(civil.year, civil.month, civil.day) * DAY_S + civil.hour * 3600 +
                    civil.minute * 60 + civil.second;
  int64_t offset = zone_is_utc(&zone) ? 0 : local_offset(seconds);
  return (seconds - offset) * 1000 + civil.millisecond;
}

Instant instant_add(Instant instant, Duration duration, int sign, Zone zone) {
  instant = clamp(instant);
  if (duration.months) {
    Civil civil = instant_civil(instant, zone);
    int64_t month = (int64_t)civil.year * 12 + (civil.month - 1) + (int64_t)duration.months * (sign < 0 ? -1 : 1);
    int64_t year = floor_divide(month, 12);
    if (year < 1) return INSTANT_MIN;
    if (year > 9999) return INSTANT_MAX;
    civil.year = (int)year;
    civil.month = (int)(month - year * 12) + 1;
    int last = days_in_month(civil.year, civil.month);
    if (civil.day > last) civil.day = last;
    instant = clamp(civil_instant(civil, zone));
  }
  /* Beyond the whole range of years the exact sum no longer matters, only its side. */
  const int64_t span = INSTANT_MAX - INSTANT_MIN;
  int64_t ms = duration.ms > span ? span : duration.ms < -span ? -span : duration.ms;
  return clamp(sign < 0 ? instant - ms : instant + ms);
}
