package io.weir.reactive.transport.memory;

import static io.weir.reactive.transport.LinkTestKit.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkTestKit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A network whose medium holds everything back until the test lets the next thing arrive. */
final class MemoryMediumTest {
    private static final PeerAddress SERVER = PeerAddress.memory("server");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final HeldMedium medium = new HeldMedium(time);
    private final MemoryNetwork network = MemoryNetwork.over(medium);
    private final List<Link> accepted = new ArrayList<>();
    private final List<Link> dialled = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    @BeforeEach
    void listen() {
        network.transport("b").listen(SERVER, accepted::add).subscribe();
    }

    @AfterEach
    void endWorld() {
        time.dispose();
    }

    @Test
    void linkIsThereOnceAnsweredAndJoined() {
        dial(SERVER);

        assertThat(medium.pass()).isEqualTo("DIAL a>b");
        assertThat(dialled).isEmpty();
        assertThat(medium.pass()).isEqualTo("ANSWER b>a");
        assertThat(dialled).hasSize(1);
        assertThat(accepted).isEmpty();
        assertThat(medium.pass()).isEqualTo("JOIN a>b");

        assertThat(accepted).hasSize(1);
        assertThat(accepted.get(0).remoteAddress()).hasToString("memory://a at home");
    }

    @Test
    void unknownNameIsRefusedByTheHostOfThatName() {
        dial(PeerAddress.memory("nobody"));

        assertThat(medium.pass()).isEqualTo("DIAL a>nobody");
        assertThat(failures).isEmpty();
        assertThat(medium.pass()).isEqualTo("REFUSAL nobody>a");

        assertFailed("nobody listens at memory://nobody");
    }

    @Test
    void dialThatNobodyAnswersEndsInTime() {
        dial(SERVER);

        time.advanceTimeBy(PATIENCE.minusNanos(1));
        assertThat(failures).isEmpty();
        time.advanceTimeBy(Duration.ofNanos(1));

        assertFailed("nobody answered within 10000 ms");
    }

    @Test
    void answerThatComesTooLateIsIgnored() {
        dial(SERVER);
        assertThat(medium.pass()).isEqualTo("DIAL a>b");
        time.advanceTimeBy(PATIENCE);

        medium.passAll();

        assertThat(accepted).isEmpty();
        assertThat(dialled).isEmpty();
        assertThat(network.links()).isZero();
    }

    @Test
    void cancelledDialLeavesNothing() {
        dial(SERVER).dispose();

        medium.passAll();

        assertThat(accepted).isEmpty();
        assertThat(network.links()).isZero();
        assertThat(medium.closed).isEqualTo(1);
    }

    @Test
    void resetBeforeTheAnswerFailsTheDial() {
        dial(SERVER);

        network.reset("server");
        medium.passAll();

        assertFailed("the connection was reset");
    }

    @Test
    void bytesMayArriveInPiecesAndAreAllTaken() {
        connect();
        List<Integer> pieces = new ArrayList<>();
        accepted.get(0).inbound().subscribe(chunk -> pieces.add(chunk.remaining()));
        List<String> sent = new ArrayList<>();
        LinkTestKit.send(dialled.get(0), "in pieces").subscribe(null, null, () -> sent.add("done"));

        medium.passInPieces(4);
        assertThat(pieces).containsExactly(4, 4, 1);
        assertThat(sent).isEmpty();
        medium.passAll();

        assertThat(sent).containsExactly("done");
    }

    @Test
    void whatIsUnderWayAtAResetIsLost() {
        connect();
        List<Object> heard = hear(accepted.get(0));
        dialled.get(0).send(Flux.just(bytes("lost")).concatWith(Flux.never())).subscribe(null, e -> {});

        network.reset("server");
        medium.passAll();

        assertThat(heard).containsExactly("connection reset by peer");
        assertThat(network.links()).isZero();
    }

    @Test
    void mediumCanBreakOneEndOnly() {
        connect();
        List<Object> here = hear(dialled.get(0));
        List<Object> there = hear(accepted.get(0));

        medium.dialling.reset("timed out");

        assertThat(here).containsExactly("timed out");
        assertThat(there).isEmpty();
    }

    @Test
    void mediumCanEndTheInputOfOneEnd() {
        connect();
        List<Object> there = hear(accepted.get(0));

        medium.accepting.endInput();

        assertThat(there).containsExactly("end");
        assertThat(network.links()).isEqualTo(1);
    }

    @Test
    void linkThatEndedAtBothEndsIsForgottenWithWhatIsUnderWay() {
        connect();
        dialled.get(0).close();
        assertThat(network.links()).isEqualTo(1);

        accepted.get(0).close();

        assertThat(network.links()).isZero();
        assertThat(medium.closed).isEqualTo(1);
    }

    private Disposable dial(PeerAddress address) {
        return network.transport("a").connect(address, PATIENCE).subscribe(dialled::add, failures::add);
    }

    private void connect() {
        dial(SERVER);
        medium.passAll();
        assertThat(accepted).hasSize(1);
    }

    private void assertFailed(String why) {
        assertThat(dialled).isEmpty();
        assertThat(failures)
                .singleElement()
                .isInstanceOfSatisfying(
                        ConnectException.class,
                        e -> assertThat(e.reason().error()).isEqualTo(ErrorCode.CONNECT_FAILED));
        assertThat(failures.get(0)).hasRootCauseMessage(why);
        assertThat(network.links()).isZero();
    }

    private static List<Object> hear(Link link) {
        List<Object> heard = new ArrayList<>();
        link.inbound()
                .subscribe(
                        chunk -> heard.add(chunk.remaining()),
                        e -> heard.add(e instanceof IOException ? String.valueOf(e.getMessage()) : e),
                        () -> heard.add("end"));
        return heard;
    }

    /** What is under way, as tasks with names. */
    private static final class HeldMedium implements MemoryMedium {
        private final Scheduler scheduler;
        private final Queue<Held> underWay = new ArrayDeque<>();
        private End dialling;
        private End accepting;
        private int closed;

        HeldMedium(Scheduler scheduler) {
            this.scheduler = scheduler;
        }

        /** Lets the next thing arrive, and names it. */
        String pass() {
            Held next = underWay.remove();
            next.arrive(Integer.MAX_VALUE);
            return next.name;
        }

        void passAll() {
            while (!underWay.isEmpty()) {
                pass();
            }
        }

        void passInPieces(int most) {
            underWay.remove().arrive(most);
        }

        @Override
        public Scheduler scheduler(String host) {
            return scheduler;
        }

        @Override
        public String address(String host) {
            return host + " at home";
        }

        @Override
        public Path path(End dialling, End accepting) {
            this.dialling = dialling;
            this.accepting = accepting;
            return new Path() {
                @Override
                public Carrier there() {
                    return carrier(dialling.host() + ">" + accepting.host());
                }

                @Override
                public Carrier back() {
                    return carrier(accepting.host() + ">" + dialling.host());
                }

                @Override
                public void closed() {
                    closed++;
                }
            };
        }

        private Carrier carrier(String way) {
            return new Carrier() {
                @Override
                public void carry(byte[] bytes, Consumer<byte[]> arrival) {
                    underWay.add(new Held(bytes.length + " bytes " + way, bytes, arrival));
                }

                @Override
                public void carry(Signal signal, Runnable arrival) {
                    underWay.add(new Held(signal + " " + way, new byte[1], piece -> arrival.run()));
                }
            };
        }
    }

    private record Held(String name, byte[] bytes, Consumer<byte[]> arrival) {
        void arrive(int most) {
            for (int from = 0; from < bytes.length; from += Math.min(most, bytes.length - from)) {
                arrival.accept(Arrays.copyOfRange(bytes, from, from + Math.min(most, bytes.length - from)));
            }
        }
    }
}
