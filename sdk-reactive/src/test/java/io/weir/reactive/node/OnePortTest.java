package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.FreePort;
import io.weir.reactive.transport.LinkListener;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

@Timeout(120)
class OnePortTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ListenPlace ANY = ListenPlace.onePort("127.0.0.1", 0, "tcp", "udp");

    private final List<PeerAddress> asked = new ArrayList<>();
    private final List<PeerAddress> open = new ArrayList<>();
    private final List<Consumer<Establisher>> doors = new ArrayList<>();
    private int takenForDatagrams;
    private int nextPort = 5_000;

    /** A system that gives one port after the other, of which the first few are taken for datagrams. */
    private Mono<LinkListener> accept(PeerAddress address, Consumer<Establisher> door) {
        return Mono.fromCallable(() -> {
            asked.add(address);
            doors.add(door);
            if (address.scheme().equals(PeerAddress.UDP) && takenForDatagrams-- > 0) {
                throw new ListenException(CloseReason.local(ErrorCode.BIND_FAILED, "taken"));
            }
            PeerAddress bound = address.port() == 0 ? address.withPort(nextPort++) : address;
            open.add(bound);
            return new Listener(bound);
        });
    }

    @Test
    void asksTheSecondForTheNumberOfTheFirst() {
        List<LinkListener> both = await(new OnePort(ANY, this::accept, c -> {}).bind());

        assertThat(both.stream().map(LinkListener::address))
                .containsExactly(PeerAddress.tcp("127.0.0.1", 5_000), PeerAddress.udp("127.0.0.1", 5_000));
    }

    @Test
    void triesAnotherNumberWhereOneIsTakenForTheSecond() {
        takenForDatagrams = OnePort.MOST_TRIES - 1;
        List<LinkListener> both = await(new OnePort(ANY, this::accept, c -> {}).bind());

        assertThat(both)
                .allSatisfy(
                        listener -> assertThat(listener.address().port()).isEqualTo(5_000 + OnePort.MOST_TRIES - 1));
        assertThat(open).hasSize(2);
    }

    @Test
    void givesUpAfterSoManyAndLeavesNothing() {
        takenForDatagrams = OnePort.MOST_TRIES;

        assertThatThrownBy(() -> await(new OnePort(ANY, this::accept, c -> {}).bind()))
                .isInstanceOf(ListenException.class);
        assertThat(asked).hasSize(2 * OnePort.MOST_TRIES);
        assertThat(open).isEmpty();
    }

    @Test
    void triesNoOtherNumberThanTheOneThatIsWanted() {
        takenForDatagrams = 1;

        assertThatThrownBy(() ->
                        await(new OnePort(ListenPlace.onePort("127.0.0.1", 7_400, "udp", "tcp"), this::accept, c -> {})
                                .bind()))
                .isInstanceOf(ListenException.class);
        assertThat(asked).hasSize(2);
        assertThat(open).isEmpty();
    }

    @Test
    void leavesNothingWhereItIsCancelledBetweenTheTwo() {
        Disposable binding = new OnePort(
                        ANY,
                        (address, door) ->
                                address.scheme().equals(PeerAddress.UDP) ? Mono.never() : accept(address, door),
                        c -> {})
                .bind()
                .subscribe();
        assertThat(open).hasSize(1);
        binding.dispose();

        assertThat(open).isEmpty();
    }

    @Test
    void aNodeIsAtOneNumberForBoth() {
        PeerNode node = await(Weir.node().listenOnOnePort("127.0.0.1", 0).start());
        PeerNode other = await(Weir.node().start());
        try {
            assertThat(node.addresses().stream().map(PeerAddress::scheme)).containsExactly("tcp", "udp");
            assertThat(node.addresses())
                    .allSatisfy(address -> assertThat(address.port()).isEqualTo(node.port()));
            for (PeerAddress address : node.addresses()) {
                assertThat(await(other.connect(address)).peer()).isEqualTo(node.id());
                await(other.liveSessions().get(0).close().thenReturn(true));
            }
        } finally {
            await(other.close().then(node.close()).thenReturn(true));
        }
    }

    @Test
    void aNodeWhosePortIsTakenForDatagramsDoesNotStartAndLeavesTheOther() throws Exception {
        List<PeerEvent> events = new ArrayList<>();
        int port = FreePort.ofBoth();
        try (DatagramSocket taken = FreePort.datagrams(port)) {
            assertThat(taken.getLocalPort()).isEqualTo(port);
            assertThatThrownBy(() -> await(Weir.node()
                            .onEvent(events::add)
                            .listenOnOnePort("127.0.0.1", port)
                            .start()))
                    .isInstanceOf(ListenException.class)
                    .hasMessageContaining("tcp://127.0.0.1:" + port + " and udp://127.0.0.1:" + port);
            assertThat(events)
                    .hasSize(2)
                    .allSatisfy(event -> assertThat(event).isInstanceOf(PeerEvent.ListeningError.class));
            FreePort.stream(port).close(); // it is free
        }
    }

    private final class Listener implements LinkListener {
        private final PeerAddress address;
        private final Sinks.Empty<Void> closed = Sinks.empty();

        Listener(PeerAddress address) {
            this.address = address;
        }

        @Override
        public PeerAddress address() {
            return address;
        }

        @Override
        public Mono<Void> close() {
            return Mono.fromRunnable(this::dispose);
        }

        @Override
        public Mono<Void> onClose() {
            return closed.asMono();
        }

        @Override
        public void dispose() {
            open.remove(address);
            closed.tryEmitEmpty();
        }
    }

    private static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE));
    }
}
