package io.weir.reactive.transport.quic;

import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.identity.Identity;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** TLS of the identity that was used last: a transport rarely has more than one. Thread safe. */
final class PreparedTls {

    private volatile @Nullable Prepared last;

    private record Prepared(Identity identity, QuicTls tls) {}

    /** Cold: TLS for an identity. What it needs is loaded the first time, elsewhere, as that blocks; fails where it is not there. */
    Mono<QuicTls> of(HandshakeConfig config) {
        Identity identity = config.identity();
        Prepared made = last;
        if (made != null && made.identity == identity) {
            return Mono.just(made.tls);
        }
        return Mono.fromCallable(() -> {
                    QuicLibrary.load();
                    QuicTls tls = new QuicTls(identity);
                    last = new Prepared(identity, tls);
                    return tls;
                })
                .subscribeOn(Schedulers.boundedElastic());
    }
}
