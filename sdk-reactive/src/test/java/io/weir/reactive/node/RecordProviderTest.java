package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.crypto.CipherProvider;
import io.weir.reactive.NativeCipher;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;
import reactor.core.scheduler.NonBlocking;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Whose cipher seals a process's records, with a search that finds what each test lets it find. */
class RecordProviderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final CipherProvider PREFERRED = CipherProvider.preferred();

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final AtomicInteger searches = new AtomicInteger();
    private final AtomicInteger warmUps = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void end() {
        end.countDown();
    }

    @Test
    void theNativeOneThatIsFoundSealsAndIsToldOnce() {
        CipherProvider found = CipherProvider.of(new NamedProvider("Found", "2.5.0"));
        RecordProvider provider = provider(() -> found);

        assertThat(chosen(provider, NativeCipher.IF_PRESENT)).isSameAs(found);
        assertThat(chosen(provider, NativeCipher.IF_PRESENT)).isSameAs(found);

        assertThat(log).containsExactly("info Records are sealed by Found 2.5.0, which is native code");
        assertThat(searches).hasValue(1);
        assertThat(warmUps).as("the preferred one is not needed").hasValue(0);
    }

    @Test
    void thePreferredOneSealsWhereThereIsNoOther() {
        RecordProvider provider = provider(() -> null);

        assertThat(chosen(provider, NativeCipher.IF_PRESENT)).isSameAs(PREFERRED);
        assertThat(chosen(provider, NativeCipher.IF_PRESENT)).isSameAs(PREFERRED);

        assertThat(log).containsExactly("info Records are sealed by " + PREFERRED + "; there is no native cipher");
        assertThat(warmUps).hasValue(1);
    }

    @Test
    void aNativeOneThatCannotLoadIsToldOnceAndDoesWithout() {
        List<Throwable> failures = List.of(
                new UnsatisfiedLinkError("wrong platform"),
                new NoClassDefFoundError("gone"),
                new ExceptionInInitializerError("broken"),
                new IllegalStateException("its own tests end with FAILED"));
        for (Throwable failure : failures) {
            log.clear();
            RecordProvider provider = provider(() -> {
                throw thrown(failure);
            });

            assertThat(chosen(provider, NativeCipher.IF_PRESENT)).isSameAs(PREFERRED);
            assertThat(chosen(provider, NativeCipher.IF_PRESENT)).isSameAs(PREFERRED);

            assertThat(log).hasSize(1);
            assertThat(log.get(0))
                    .startsWith("warn Records are sealed by " + PREFERRED)
                    .contains(failure.toString());
        }
    }

    @Test
    void aNativeOneThatTakesTooLongIsNotWaitedFor() {
        RecordProvider provider = provider(this::never, Duration.ofSeconds(3)); // in which the warm-up must be done

        assertThat(chosen(provider, NativeCipher.IF_PRESENT)).isSameAs(PREFERRED);

        assertThat(log).hasSize(1);
        assertThat(log.get(0)).startsWith("warn Records are sealed by " + PREFERRED);
    }

    @Test
    void aWarmUpThatTakesTooLongIsNotWaitedFor() {
        RecordProvider provider = new RecordProvider(() -> null, this::never, SHORT, log());

        assertThat(chosen(provider, NativeCipher.IF_PRESENT)).isSameAs(PREFERRED);

        assertThat(log).hasSize(2);
        assertThat(log.get(1)).startsWith("warn The cipher could not be warmed up");
    }

    @Test
    void nothingIsLookedForWhereItIsRefused() {
        RecordProvider provider = provider(() -> CipherProvider.of(new NamedProvider("Found", "2.5.0")));

        assertThat(chosen(provider, NativeCipher.REFUSED)).isSameAs(PREFERRED);
        assertThat(chosen(provider, NativeCipher.REFUSED)).isSameAs(PREFERRED);

        assertThat(log).containsExactly("info Records are sealed by " + PREFERRED + "; native ciphers are refused");
        assertThat(searches).hasValue(0);
        assertThat(warmUps).hasValue(1);
    }

    @Test
    void whatMayBlockRunsOnAnOrdinaryThreadWhoeverAsks() {
        RecordProvider provider = provider(() -> null);

        StepVerifier.create(provider.choose(NativeCipher.IF_PRESENT).subscribeOn(Schedulers.parallel()))
                .expectNext(PREFERRED)
                .expectComplete()
                .verify(PATIENCE);

        assertThat(threads).hasSize(2).noneMatch(NonBlocking.class::isInstance);
    }

    private RecordProvider provider(Supplier<@Nullable CipherProvider> search) {
        return provider(search, PATIENCE);
    }

    private RecordProvider provider(Supplier<@Nullable CipherProvider> search, Duration limit) {
        return new RecordProvider(
                () -> {
                    threads.add(Thread.currentThread());
                    searches.incrementAndGet();
                    return search.get();
                },
                () -> {
                    threads.add(Thread.currentThread());
                    warmUps.incrementAndGet();
                },
                limit,
                log());
    }

    private static CipherProvider chosen(RecordProvider provider, NativeCipher use) {
        return Objects.requireNonNull(provider.choose(use).block(PATIENCE));
    }

    private @Nullable CipherProvider never() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private static RuntimeException thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }

    private Logger log() {
        return (Logger) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    List<Object> all = new ArrayList<>(List.of(arguments));
                    String format = (String) all.remove(0);
                    Throwable cause = !all.isEmpty() && all.get(all.size() - 1) instanceof Throwable last ? last : null;
                    log.add(method.getName() + " "
                            + MessageFormatter.arrayFormat(format, all.toArray())
                                    .getMessage()
                            + (cause == null ? "" : " " + cause));
                    return null;
                });
    }

    private static final class NamedProvider extends java.security.Provider {
        private static final long serialVersionUID = 1L;

        NamedProvider(String name, String version) {
            super(name, version, "for tests");
        }
    }
}
