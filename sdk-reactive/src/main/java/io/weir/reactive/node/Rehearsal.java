package io.weir.reactive.node;

import io.weir.core.crypto.CipherProvider;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.memory.MemoryNetwork;
import io.weir.reactive.transport.tcp.TcpTransport;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The first session of a process: with itself, in memory, before its first node is there for others. A JVM loads and links
 * the classes of the handshake, the cipher and the session where they are first used; two cold processes on busy cores
 * took longer for that than a handshake may take. Nothing of it is seen or logged, and nothing goes over a network.
 */
final class Rehearsal {

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    private static final String NAME = "rehearsal";
    private static final PeerAddress PLACE = PeerAddress.memory(NAME);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Mono<Void> ONCE = Mono.using(Rehearsal::thread, Rehearsal::play, ExecutorService::shutdown)
            .onErrorResume(e -> {
                LOG.warn("A session of this process with itself failed; the first with a peer may be slow", e);
                return Mono.empty();
            })
            .cache();

    private Rehearsal() {}

    /** Plays it in the first call in a process; completes when it is over, well or badly. Never fails. */
    static Mono<Void> once() {
        return ONCE;
    }

    /** Not one of Reactor's: under a test's virtual time it would never come to an end. */
    private static ScheduledExecutorService thread() {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "weir-rehearsal");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static Mono<Void> play(ScheduledExecutorService thread) {
        Scheduler loop = Schedulers.fromExecutorService(thread);
        return Mono.usingWhen(Mono.fromCallable(() -> new Cast(loop)), Cast::play, Cast::leave)
                .then(TcpTransport.rehearse())
                .timeout(LIMIT, loop)
                .subscribeOn(loop);
    }

    /** Both ends. */
    private static final class Cast {
        private final Node listening;
        private final Node dialling;

        Cast(Scheduler loop) {
            MemoryNetwork network = MemoryNetwork.on(loop);
            PeerNodeSpec spec = NodeSpec.defaults().scheduler(loop).transport(network.transport());
            dialling = new Node((NodeSpec) spec, CipherProvider.preferred(), NOPLogger.NOP_LOGGER);
            listening = new Node(
                    (NodeSpec) spec.listen(PLACE)
                            .onStream(
                                    NAME,
                                    stream -> stream.receive(Codec.bytes()).then()),
                    CipherProvider.preferred(),
                    NOPLogger.NOP_LOGGER);
        }

        Mono<Void> play() {
            return listening
                    .listen()
                    .then(dialling.connect(PLACE))
                    .flatMap(session -> session.openStream(NAME, StreamConfig.reliable())
                            .send(Mono.just(new byte[1]), Codec.bytes()));
        }

        Mono<Void> leave() {
            return Mono.when(dialling.close(), listening.close());
        }
    }
}
