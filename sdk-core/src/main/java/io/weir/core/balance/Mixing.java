package io.weir.core.balance;

/** Spreads numbers and names evenly over 64 bits. The same everywhere and always, and no protection from who chooses the input. */
public final class Mixing {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Mixing() {}

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014), variant 13 of Stafford: one to one, and each bit stirs all. */
    public static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** A text: FNV-1a of its UTF-16 units, mixed. */
    public static long mix(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** Bytes: FNV-1a, mixed. */
    public static long mix(byte[] bytes) {
        long hash = FNV_OFFSET;
        for (byte each : bytes) {
            hash = (hash ^ each & 0xff) * FNV_PRIME;
        }
        return mix(hash);
    }

    /**
     * One of so many, by a number that is evenly distributed over 64 bits: the high half times the size, which needs no
     * division (Lemire 2019).
     *
     * @param size 1 or more
     */
    static int index(long mixed, int size) {
        return (int) ((mixed >>> 32) * size >>> 32);
    }
}
