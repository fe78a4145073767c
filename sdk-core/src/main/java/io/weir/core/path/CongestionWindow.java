package io.weir.core.path;

/** The windows that RFC 9002 section 7.2 lays down, in bytes, by the size of datagrams. */
final class CongestionWindow {

    /** No window is larger, 4 GiB: what 10 Gbit/s hold in 3.4 s. */
    static final long MOST_BYTES = 1L << 32;

    private static final int INITIAL_DATAGRAMS = 10;
    private static final int INITIAL_BYTES = 14_720;
    private static final int LEAST_DATAGRAMS = 2;

    private CongestionWindow() {}

    /** What a new path begins with. */
    static long initial(int datagramBytes) {
        return Math.min(INITIAL_DATAGRAMS * (long) datagramBytes, Math.max(INITIAL_BYTES, least(datagramBytes)));
    }

    /** What no congestion goes below. */
    static long least(int datagramBytes) {
        return LEAST_DATAGRAMS * (long) datagramBytes;
    }
}
