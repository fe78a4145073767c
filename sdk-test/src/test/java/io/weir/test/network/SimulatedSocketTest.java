package io.weir.test.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.path.PathAddress;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.DatagramSocketContractTest;
import io.weir.reactive.transport.DatagramTransport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/** What the ports of real systems keep to, kept by those of simulated hosts. */
class SimulatedSocketTest extends DatagramSocketContractTest {

    private static final String HOST = "host";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final SimulatedNetwork network = SimulatedNetwork.seeded(1)
            .profile(LinkProfile.PERFECT.withMtu(65_535).withLatency(Duration.ofMillis(1)));
    private final DatagramTransport transport = network.datagramTransport(HOST);

    SimulatedSocketTest() {
        network.between(HOST, HOST).mtuIsKnown(true);
    }

    @Override
    protected DatagramSocket newSocket(int port) throws Exception {
        return transport.bind(PeerAddress.udp(HOST, port)).toFuture().get();
    }

    @Override
    protected PathAddress addressOf(DatagramSocket socket) {
        return network.addresses().path(HOST, ((InetSocketAddress) socket.localAddress()).getPort());
    }

    @Override
    protected void onLoop(DatagramSocket socket, Runnable task) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        socket.loop().execute(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        network.settle();
        if (!done.isDone()) {
            throw new ExecutionException(new AssertionError("the task has not run"));
        }
        done.get();
    }

    @Override
    protected void awaitTrue(String what, BooleanSupplier condition) {
        assertThat(network.advanceUntil(condition, LIMIT)).as(what).isTrue();
    }

    @Override
    protected int largest() {
        return 65_535 - DatagramNetwork.HEADER_BYTES;
    }

    @Override
    protected boolean refuses() {
        return true;
    }
}
