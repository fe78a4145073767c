package io.weir.benchmarks.vote;

import io.weir.Weir;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.Bytes;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.integrity.IntegrityService;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Two nodes of Weir: {@code node.vote}, answered by an {@link IntegrityService}. As many askers as may be in flight each ask again when they
 * are answered, as the echo's client does; one {@code flatMap} of all votes would look through its 256 places for each answer.
 */
final class WeirVotes implements Contestant {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RootSet roots;
    private final IntegrityService service;
    private final PeerNode server;
    private final PeerNode client;

    WeirVotes(int denominations) {
        roots = RootSet.of(Collections.nCopies(denominations, Bytes.copyOf(new byte[RootSet.ROOT_LENGTH])));
        service = IntegrityService.refreshing(() -> roots, Duration.ofMinutes(1));
        server = Weir.node()
                .listen(PeerAddress.udp("127.0.0.1", 0))
                .limits(NodeLimits.defaults().withMaxQuestionsPerSecond(100_000_000))
                .fastPath(VoteCodec.COMMAND, service)
                .startNow(PATIENCE);
        client = Weir.node().startNow(PATIENCE);
    }

    @Override
    public String name() {
        return "Weir, node.vote";
    }

    @Override
    public Round play(Duration time) {
        Histogram latencies = new Histogram(3); // all of it happens on the loop of the client's port
        Mono<Vote> vote = client.vote(server.addresses().get(0), roots);
        Mono<Vote> timed = Mono.defer(() -> {
            long asked = System.nanoTime();
            return vote.doOnNext(answer -> latencies.recordValue(System.nanoTime() - asked));
        });
        long start = System.nanoTime();
        long end = start + time.toNanos();
        long agreed = Objects.requireNonNull(Flux.range(0, IN_FLIGHT)
                .flatMap(
                        asker -> timed.repeat(() -> System.nanoTime() - end < 0)
                                .filter(answer -> answer == Vote.AGREE)
                                .count(),
                        IN_FLIGHT)
                .reduce(0L, Long::sum)
                .block(time.plus(PATIENCE)));
        Duration lasted = Duration.ofNanos(System.nanoTime() - start);
        if (agreed != latencies.getTotalCount()) {
            throw new IllegalStateException("some did not agree");
        }
        return new Round(agreed, lasted, latencies);
    }

    @Override
    public void close() {
        client.close().then(server.close()).block(PATIENCE);
        service.dispose();
    }
}
