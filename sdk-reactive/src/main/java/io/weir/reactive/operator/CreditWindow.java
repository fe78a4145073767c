package io.weir.reactive.operator;

/**
 * How much a {@link CreditGrant} lets a source send ahead of its subscriber, in cost (16 + size for each element).
 *
 * @param initialBytes window granted on subscription, before any demand; 17..2^40
 * @param maxBytes what the window may grow to when a blocked source and a fast subscriber show that it is too small,
 *     and the highest cost of one element; initialBytes..2^40. Equal to {@code initialBytes}: the window is fixed
 */
public record CreditWindow(long initialBytes, long maxBytes) {

    /** The smallest window lets one element of a single byte pass. */
    private static final long LEAST = 17;

    private static final long MOST = 1L << 40;

    private static final CreditWindow DEFAULTS = new CreditWindow(65_536, 4L << 20);

    public CreditWindow {
        if (initialBytes < LEAST || initialBytes > MOST) {
            throw new IllegalArgumentException("initialBytes is " + initialBytes + ", must be " + LEAST + ".." + MOST);
        }
        if (maxBytes < initialBytes || maxBytes > MOST) {
            throw new IllegalArgumentException(
                    "maxBytes is " + maxBytes + ", must be initialBytes (" + initialBytes + ").." + MOST);
        }
    }

    /** 65,536 at first, growing up to 4 MiB. */
    public static CreditWindow defaults() {
        return DEFAULTS;
    }

    /** A window that stays as it is. */
    public static CreditWindow fixed(long bytes) {
        return new CreditWindow(bytes, bytes);
    }

    /** A copy with another first window; the maximum is raised to it where it is lower. */
    public CreditWindow withInitialBytes(long bytes) {
        return new CreditWindow(bytes, Math.max(bytes, maxBytes));
    }

    /** A copy with another maximum. */
    public CreditWindow withMaxBytes(long bytes) {
        return new CreditWindow(initialBytes, bytes);
    }
}
