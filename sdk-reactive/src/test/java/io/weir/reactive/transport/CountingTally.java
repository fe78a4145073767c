package io.weir.reactive.transport;

import io.weir.core.datagram.DatagramCounts;
import io.weir.core.datagram.Drop;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.stats.EnumCounts;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What was counted at ports, as it was told. Any thread. */
public final class CountingTally implements PortTally {

    private final EnumCounts<Drop> dropped = new EnumCounts<>(Drop.class);
    private final EnumCounts<ErrorCode> rejected = new EnumCounts<>(ErrorCode.class);
    private final AtomicLong retries = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong unanswerable = new AtomicLong();

    public DatagramCounts counts() {
        return new DatagramCounts(sent.get(), received.get(), 0, refused.get(), failed.get(), unanswerable.get());
    }

    public Map<Drop, Long> drops() {
        return dropped.counts();
    }

    public long drops(Drop reason) {
        return drops().getOrDefault(reason, 0L);
    }

    public Map<ErrorCode, Long> rejections() {
        return rejected.counts();
    }

    public long retries() {
        return retries.get();
    }

    @Override
    public void sent(long datagrams) {
        sent.addAndGet(datagrams);
    }

    @Override
    public void received(long datagrams) {
        received.addAndGet(datagrams);
    }

    @Override
    public void refused(long datagrams) {
        refused.addAndGet(datagrams);
    }

    @Override
    public void failed(long datagrams) {
        failed.addAndGet(datagrams);
    }

    @Override
    public void unanswerable() {
        unanswerable.incrementAndGet();
    }

    @Override
    public void dropped(Drop reason) {
        dropped.add(reason);
    }

    @Override
    public void retried() {
        retries.incrementAndGet();
    }

    @Override
    public void rejected(ErrorCode reason) {
        rejected.add(reason);
    }
}
