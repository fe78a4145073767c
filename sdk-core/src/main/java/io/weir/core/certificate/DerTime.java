package io.weir.core.certificate;

import io.weir.core.certificate.Der.MalformedException;
import java.nio.charset.StandardCharsets;

/** The two forms in which a certificate says a time (RFC 5280 section 4.1.2.5): both in seconds, UTC, with a Z at the end. */
final class DerTime {

    /** The end of a certificate that has none. */
    static final String NEVER = "99991231235959Z";

    private static final int GENERALIZED_LENGTH = 15;
    private static final int UTC_LENGTH = 13;

    /** Two digits of a year below this are of the 21st century. */
    private static final int PIVOT = 50;

    private static final int[] DAYS_BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    private static final long DAY_MILLIS = 86_400_000L;
    private static final int EPOCH_YEAR = 1970;

    private DerTime() {}

    /** The next element, in ms since 1970-01-01T00:00Z. */
    static long read(Der from) throws MalformedException {
        boolean utc = from.peek() == Der.UTC_TIME;
        String text = new String(from.content(utc ? Der.UTC_TIME : Der.GENERALIZED_TIME), StandardCharsets.ISO_8859_1);
        int length = utc ? UTC_LENGTH : GENERALIZED_LENGTH;
        if (text.length() != length || text.charAt(length - 1) != 'Z') {
            throw new MalformedException("a time has another form than " + (utc ? "YYMMDDHHMMSSZ" : "YYYYMMDDHHMMSSZ"));
        }
        int at = utc ? 2 : 4;
        int year = number(text, 0, at, 0, 9_999);
        if (utc) {
            year += year < PIVOT ? 2_000 : 1_900;
        }
        int month = number(text, at, 2, 1, 12);
        int day = number(text, at + 2, 2, 1, days(year, month));
        int hour = number(text, at + 4, 2, 0, 23);
        int minute = number(text, at + 6, 2, 0, 59);
        int second = number(text, at + 8, 2, 0, 59);
        return daysSinceEpoch(year, month, day) * DAY_MILLIS + ((hour * 60L + minute) * 60 + second) * 1_000;
    }

    private static int number(String text, int from, int digits, int least, int most) throws MalformedException {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new MalformedException("a time has something else than a digit at position " + (i + 1));
            }
            value = value * 10 + digit;
        }
        if (value < least || value > most) {
            throw new MalformedException(
                    "a time has " + value + " at position " + (from + 1) + "; legal: " + least + " to " + most);
        }
        return value;
    }

    private static int days(int year, int month) {
        int days = DAYS_BEFORE_MONTH[month] - DAYS_BEFORE_MONTH[month - 1];
        return month == 2 && isLeap(year) ? days + 1 : days;
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    /** In the Gregorian calendar, also where it was not in use yet. */
    private static long daysSinceEpoch(int year, int month, int day) {
        long leapDay = month > 2 && isLeap(year) ? 1 : 0;
        return 365L * (year - EPOCH_YEAR)
                + leapDaysBefore(year)
                - leapDaysBefore(EPOCH_YEAR)
                + DAYS_BEFORE_MONTH[month - 1]
                + leapDay
                + day
                - 1;
    }

    private static long leapDaysBefore(int year) {
        int before = year - 1;
        return Math.floorDiv(before, 4) - Math.floorDiv(before, 100) + Math.floorDiv(before, 400);
    }
}
