package io.weir.core.path;

/**
 * What may be sent to an address that nobody has proved to be the peer's: three times what came from it, so that this node is
 * no better than another at flooding whoever really lives there (RFC 9000 section 8.1). Loop-confined.
 */
public final class AntiAmplification {

    private static final int FACTOR = 3;

    private long allowanceBytes;

    /** For an address from which nothing has come yet. */
    public AntiAmplification() {}

    /** A datagram has come from there, whatever is in it. */
    public void onReceived(int bytes) {
        allowanceBytes += FACTOR * (long) bytes;
    }

    /** A datagram was sent there. */
    public void onSent(int bytes) {
        allowanceBytes = Math.max(0, allowanceBytes - bytes);
    }

    /** How many bytes may be sent there. */
    public long allowanceBytes() {
        return allowanceBytes;
    }
}
