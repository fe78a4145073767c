package io.weir.reactive.discovery;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerDiscovery;
import io.weir.reactive.transport.dns.DnsLookup;
import io.weir.reactive.transport.dns.NettyDnsLookup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Peers by DNS, asked again and again: when the answer's time to live is over, but no sooner than {@link #MIN_PERIOD} and no
 * later than the period, and up to a tenth later than that by chance, so that nodes which began together part.
 *
 * <p>A question that fails keeps what its last answer said, and is told to the log and to {@link #onFailure}; an answer that
 * there is nothing empties it. Immutable: each {@code with} and {@code on} returns a copy. Each subscriber to
 * {@link #peers} asks by itself, on a daemon thread of its own.
 */
public final class DnsDiscovery implements PeerDiscovery {

    /** Nobody is asked more often than this, whatever the time to live. */
    public static final Duration MIN_PERIOD = Duration.ofSeconds(1);

    /** The longest period. */
    public static final Duration MAX_PERIOD = Duration.ofDays(1);

    /** Of the period, unless told otherwise. */
    public static final Duration DEFAULT_PERIOD = Duration.ofSeconds(30);

    /** How many peers are taken at most, unless told otherwise. */
    public static final int DEFAULT_MAX_PEERS = 1_024;

    private final List<DnsQuestion> questions;
    private final Duration period;
    private final int maxPeers;
    private final Consumer<? super Throwable> failures;
    private final Supplier<DnsLookup> lookups;
    private final Scheduler timer;
    private final DoubleSupplier random;

    private DnsDiscovery(
            List<DnsQuestion> questions,
            Duration period,
            int maxPeers,
            Consumer<? super Throwable> failures,
            Supplier<DnsLookup> lookups,
            Scheduler timer,
            DoubleSupplier random) {
        this.questions = questions;
        this.period = period;
        this.maxPeers = maxPeers;
        this.failures = failures;
        this.lookups = lookups;
        this.timer = timer;
        this.random = random;
    }

    static DnsDiscovery of(List<DnsQuestion> questions) {
        return new DnsDiscovery(
                questions,
                DEFAULT_PERIOD,
                DEFAULT_MAX_PEERS,
                failure -> {},
                () -> NettyDnsLookup.at(List.of()),
                Schedulers.parallel(),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /** Asks at least that often; 1 s to 1 day. */
    public DnsDiscovery withPeriod(Duration newPeriod) {
        if (newPeriod.compareTo(MIN_PERIOD) < 0 || newPeriod.compareTo(MAX_PERIOD) > 0) {
            throw new IllegalArgumentException(
                    "period is " + newPeriod + ", must be " + MIN_PERIOD + " to " + MAX_PERIOD);
        }
        return new DnsDiscovery(questions, newPeriod, maxPeers, failures, lookups, timer, random);
    }

    /** Takes no more peers than that, 1 to 65,536, in the order of their addresses as text; the rest is logged. */
    public DnsDiscovery withMaxPeers(int newMaxPeers) {
        return new DnsDiscovery(questions, period, MostPeers.checked(newMaxPeers), failures, lookups, timer, random);
    }

    /** Asks these servers instead of the system's. */
    public DnsDiscovery withServers(InetSocketAddress... servers) {
        if (servers.length == 0) {
            throw new IllegalArgumentException("servers are 0, must be 1 or more");
        }
        List<InetSocketAddress> asked = List.of(servers);
        return withLookups(() -> NettyDnsLookup.at(asked));
    }

    /** Hears of each failure, on the thread that met it; must not block. One that throws ends the discovery with that. */
    public DnsDiscovery onFailure(Consumer<? super Throwable> listener) {
        Objects.requireNonNull(listener, "listener");
        return new DnsDiscovery(questions, period, maxPeers, listener, lookups, timer, random);
    }

    DnsDiscovery withLookups(Supplier<DnsLookup> newLookups) {
        return new DnsDiscovery(questions, period, maxPeers, failures, newLookups, timer, random);
    }

    /** Time and chance are arguments: chance is 0 to 1. */
    DnsDiscovery withTime(Scheduler newTimer, DoubleSupplier newRandom) {
        return new DnsDiscovery(questions, period, maxPeers, failures, lookups, newTimer, newRandom);
    }

    @Override
    public Flux<Set<PeerAddress>> peers() {
        return Flux.using(lookups::get, this::asked, DnsLookup::dispose)
                .distinctUntilChanged()
                .onBackpressureLatest();
    }

    private Flux<Set<PeerAddress>> asked(DnsLookup lookup) {
        return Flux.defer(() -> {
            KnownPeers known = new KnownPeers(questions, maxPeers, failures);
            return Mono.defer(() -> known.ask(lookup))
                    .repeatWhen(rounds -> rounds.concatMap(round -> Mono.delay(delay(known.timeToLive()), timer)));
        });
    }

    private Duration delay(Duration timeToLive) {
        Duration base = timeToLive.compareTo(period) < 0 ? timeToLive : period;
        Duration atLeast = base.compareTo(MIN_PERIOD) < 0 ? MIN_PERIOD : base;
        return atLeast.plusNanos((long) (atLeast.toNanos() / 10 * random.getAsDouble()));
    }
}
