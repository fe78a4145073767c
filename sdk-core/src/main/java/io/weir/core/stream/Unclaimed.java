package io.weir.core.stream;

/**
 * The peer's streams that wait for somebody here to accept or refuse them. Bounded by {@link
 * StreamSettings#maxUnclaimed}, which {@link PeerOpens} keeps.
 */
final class Unclaimed {

    private final StreamHost host;
    private int count;

    Unclaimed(StreamHost host) {
        this.host = host;
    }

    int count() {
        return count;
    }

    /** Another waits. */
    void add() {
        count++;
    }

    /**
     * One of them is accepted or refused.
     *
     * @throws IllegalStateException unless it waits
     */
    void take(StreamEpoch epoch) {
        if (!epoch.isUnclaimed()) {
            throw new IllegalStateException(epoch + " is not unclaimed");
        }
        count--;
    }

    /** The epoch is to be ended from here; if it still waits, the host is told that it need not be claimed. */
    void withdraw(StreamEpoch epoch) {
        if (epoch.isUnclaimed()) {
            count--;
            epoch.withdraw();
            host.onWithdrawn(epoch);
        }
    }
}
