package io.weir.reactive.node;

import io.weir.core.crypto.CipherProvider;
import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.CipherWarmUp;
import io.weir.reactive.NativeCipher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Whose cipher seals the records of a process: looked for once, ready for use, told once in the log. All that takes time
 * happens on threads of its own, which are not Reactor's: under a test's virtual time it would never come to an end, and
 * where BlockHound watches, native code cannot be loaded.
 */
final class RecordProvider {

    /** Both take tenths of a second of processor time; the rest is for machines that have little of it. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final RecordProvider OF_PROCESS = new RecordProvider(
            Corretto::find,
            () -> CipherWarmUp.run(CipherSuite.AESGCM),
            LIMIT,
            LoggerFactory.getLogger(RecordProvider.class));

    private final Duration limit;
    private final Logger log;
    private final Mono<Void> warm;
    private final Mono<CipherProvider> ifPresent;
    private final Mono<CipherProvider> refused;

    /**
     * Before anything is looked for.
     *
     * @param search finds the native one, or null if there is none, or fails
     * @param warmUp makes the preferred one fast
     * @param limit how long each of the two is waited for
     */
    RecordProvider(Supplier<@Nullable CipherProvider> search, Runnable warmUp, Duration limit, Logger log) {
        this.limit = limit;
        this.log = log;
        warm = inOwnThread(() -> {
                    warmUp.run();
                    return CipherProvider.preferred();
                })
                .then()
                .onErrorResume(e -> {
                    log.warn("The cipher could not be warmed up; the first session may be slow", e);
                    return Mono.empty();
                })
                .cache();
        ifPresent = inOwnThread(search)
                .doOnNext(found -> log.info("Records are sealed by {}, which is native code", found))
                .switchIfEmpty(Mono.defer(() -> {
                    log.info("Records are sealed by {}; there is no native cipher", CipherProvider.preferred());
                    return preferred();
                }))
                .onErrorResume(e -> {
                    log.warn(
                            "Records are sealed by {}: the native cipher is there and cannot be used",
                            CipherProvider.preferred(),
                            e);
                    return preferred();
                })
                .cache();
        refused = Mono.defer(() -> {
                    log.info("Records are sealed by {}; native ciphers are refused", CipherProvider.preferred());
                    return preferred();
                })
                .cache();
    }

    /** The one of this process. */
    static RecordProvider ofProcess() {
        return OF_PROCESS;
    }

    /** The provider for a node that wants it so. Never fails. */
    Mono<CipherProvider> choose(NativeCipher use) {
        return use == NativeCipher.REFUSED ? refused : ifPresent;
    }

    private Mono<CipherProvider> preferred() {
        return warm.thenReturn(CipherProvider.preferred());
    }

    private Mono<CipherProvider> inOwnThread(Supplier<@Nullable CipherProvider> work) {
        return Mono.fromFuture(() -> CompletableFuture.supplyAsync(work, RecordProvider::begin)
                .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS));
    }

    private static void begin(Runnable work) {
        Thread thread = new Thread(work, "weir-cipher");
        thread.setDaemon(true);
        thread.start();
    }
}
