package io.weir.samples.cli;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.samples.cli.stats.StatsText;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** Who may see what a listening end has done. */
final class StatsOption {

    /** The route that it is asked by. */
    static final String ROUTE = "weir.stats";

    @Option(
            names = "--stats-to",
            paramLabel = "PEERID",
            description =
                    "Tell this peer what weir stats asks; may be repeated. It may connect, whoever is --allow'ed.")
    private Set<PeerId> allowed = Set.of();

    private final AtomicReference<@Nullable PeerNode> node = new AtomicReference<>();

    /** Who is named. */
    Set<PeerId> allowed() {
        return allowed;
    }

    /** The node, answering them. */
    PeerNodeSpec answer(PeerNodeSpec spec) {
        if (allowed.isEmpty()) {
            return spec;
        }
        return spec.onRequest(
                ROUTE, RequestHandler.typed(Codec.utf8(), Codec.utf8(), (request, nothing) -> figures(request.peer())));
    }

    /** That it is started. */
    void started(PeerNode started) {
        node.set(started);
    }

    private Mono<String> figures(PeerId asking) {
        PeerNode known = node.get();
        if (known == null || !allowed.contains(asking)) {
            return Mono.error(new RequestRefusedException(known == null ? ErrorCode.BUSY : ErrorCode.NOT_ADMITTED));
        }
        return Mono.just(StatsText.write(StatsText.figures(known.stats())));
    }
}
