package io.weir.reactive.node;

import io.weir.core.crypto.CipherProvider;
import reactor.core.publisher.Mono;

/** What a process does before its first node meets others. */
final class Readiness {

    private Readiness() {}

    /**
     * Whose cipher seals the records of a node, when the process is ready for its sessions; the first node waits for it, later
     * ones find it so. Where all is simulated there is nothing to be ready for. Never fails.
     */
    static Mono<CipherProvider> of(NodeSpec spec) {
        CipherProvider given = spec.recordProvider();
        if (!Transports.openSockets(spec.transports())) {
            return Mono.just(given != null ? given : CipherProvider.preferred());
        }
        Mono<CipherProvider> provider =
                given != null ? Mono.just(given) : RecordProvider.ofProcess().choose(spec.nativeUse());
        return Mono.zip(provider, Rehearsal.once().thenReturn(true), (chosen, rehearsed) -> chosen);
    }
}
