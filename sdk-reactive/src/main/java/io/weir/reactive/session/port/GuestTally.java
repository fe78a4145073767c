package io.weir.reactive.session.port;

import io.weir.core.datagram.DatagramCounts;
import io.weir.core.datagram.Drop;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.transport.PortTally;
import java.util.concurrent.atomic.LongAdder;

/** What transports that have their datagrams for themselves have done for a node, whose ports these are no more than a guest's. Any thread. */
final class GuestTally implements PortTally {

    private final NodeDrops drops;
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder unanswerable = new LongAdder();

    /** @param drops has what is turned away, with that of the node's own ports */
    GuestTally(NodeDrops drops) {
        this.drops = drops;
    }

    DatagramCounts counts() {
        return new DatagramCounts(
                sent.sum(),
                received.sum(),
                0,
                refused.sum(),
                failed.sum(),
                unanswerable.sum()); // none waits for the system
    }

    @Override
    public void sent(long datagrams) {
        sent.add(datagrams);
    }

    @Override
    public void received(long datagrams) {
        received.add(datagrams);
    }

    @Override
    public void refused(long datagrams) {
        refused.add(datagrams);
    }

    @Override
    public void failed(long datagrams) {
        failed.add(datagrams);
    }

    @Override
    public void unanswerable() {
        unanswerable.increment();
    }

    @Override
    public void dropped(Drop reason) {
        drops.drop(reason);
    }

    @Override
    public void retried() {
        drops.retried();
    }

    @Override
    public void rejected(ErrorCode reason) {
        drops.rejected(reason);
    }
}
