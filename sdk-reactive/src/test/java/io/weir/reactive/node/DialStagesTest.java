package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.DialStage;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.ForwardingTransport;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkTransport;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The stages of a dial as those hear them that wait for it, in memory and in virtual time. */
class DialStagesTest {

    private static final PeerAddress SERVER = PeerAddress.memory("server");

    private final TrackedTime time = new TrackedTime();
    private final MemoryNetwork network = MemoryNetwork.on(time);
    private final SteppedTransport transport = new SteppedTransport(network.transport());
    private final Node server = started(Weir.node().listen(SERVER), network.transport());
    private final Node client = started(Weir.node(), transport);

    @AfterEach
    void everythingEnds() {
        client.dispose();
        server.dispose();
        time.advance(Duration.ofSeconds(2));
        assertThat(time.timers()).as("timers left").isZero();
        time.dispose();
    }

    @Test
    void everyStageIsToldOnceAndBeforeTheSession() {
        Heard heard = new Heard();
        heard.connect();
        transport.resolve();
        transport.resolve();
        transport.go();
        assertThat(heard.all)
                .containsExactly(DialStage.RESOLVING, DialStage.CONNECTING, DialStage.HANDSHAKING, heard.session());
    }

    @Test
    void whoJoinsHearsTheStageThatItIsInAndThoseAfterIt() {
        Heard first = new Heard();
        Heard second = new Heard();
        first.connect();
        transport.resolve();
        transport.connecting();
        second.connect();
        assertThat(second.all).containsExactly(DialStage.CONNECTING);
        transport.go();
        assertThat(second.all).containsExactly(DialStage.CONNECTING, DialStage.HANDSHAKING, second.session());
        assertThat(second.session()).isSameAs(first.session());
    }

    @Test
    void whoLeavesHearsNoMore() {
        Heard stays = new Heard();
        Heard leaves = new Heard();
        stays.connect();
        Disposable waiting = leaves.connect();
        transport.resolve();
        waiting.dispose();
        transport.go();
        assertThat(leaves.all).containsExactly(DialStage.RESOLVING);
        assertThat(stays.all).hasSize(4);
    }

    @Test
    void aListenerThatThrowsHarmsNeitherTheDialNorTheOthers() {
        List<PeerSession> sessions = new ArrayList<>();
        client.connect(SERVER, stage -> {
                    throw new IllegalStateException("the listener's fault");
                })
                .onErrorComplete()
                .subscribe(sessions::add);
        Heard heard = new Heard();
        heard.connect();
        transport.go();
        assertThat(sessions).containsExactly(heard.session());
        assertThat(heard.all).contains(DialStage.CONNECTING, DialStage.HANDSHAKING);
    }

    @Test
    void aLiveSessionHasNoStages() {
        Heard first = new Heard();
        first.connect();
        transport.go();
        Heard second = new Heard();
        second.connect();
        assertThat(second.all).containsExactly(first.session());
    }

    private Node started(PeerNodeSpec spec, LinkTransport by) {
        AtomicReference<Object> node = new AtomicReference<>();
        spec.transport(by).start().subscribe(node::set);
        time.settle();
        return (Node) Objects.requireNonNull(node.get(), "not started");
    }

    /** What one caller hears. */
    private final class Heard {
        private final List<Object> all = new ArrayList<>();

        Disposable connect() {
            return client.connect(SERVER, all::add).subscribe(all::add);
        }

        PeerSession session() {
            return all.stream()
                    .filter(PeerSession.class::isInstance)
                    .map(PeerSession.class::cast)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Goes from stage to stage when it is told to. */
    private final class SteppedTransport extends ForwardingTransport {
        private final Sinks.Empty<Void> gate = Sinks.empty();
        private @Nullable DialProgress progress;

        SteppedTransport(LinkTransport actual) {
            super(actual);
        }

        void resolve() {
            Objects.requireNonNull(progress).resolving();
        }

        void connecting() {
            Objects.requireNonNull(progress).connecting();
        }

        void go() {
            gate.tryEmitEmpty();
            time.settle();
        }

        @Override
        public Mono<Link> connect(PeerAddress address, Duration timeout, DialProgress listener) {
            return Mono.defer(() -> {
                progress = listener;
                return gate.asMono().then(actual.connect(address, timeout, listener));
            });
        }
    }
}
