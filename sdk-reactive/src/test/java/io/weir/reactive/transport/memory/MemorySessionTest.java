package io.weir.reactive.transport.memory;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.SessionContractTest;
import io.weir.reactive.transport.Transport;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Schedulers;

/** The contract of sessions in memory. */
final class MemorySessionTest extends SessionContractTest {

    private final MemoryNetwork network = MemoryNetwork.on(Schedulers.parallel());
    private final AtomicInteger names = new AtomicInteger();

    @Override
    protected Transport newTransport() {
        return network.transport();
    }

    @Override
    protected PeerAddress anywhere() {
        return PeerAddress.memory("node-" + names.incrementAndGet());
    }

    @Override
    protected PeerAddress nowhere() {
        return PeerAddress.memory("nobody");
    }
}
