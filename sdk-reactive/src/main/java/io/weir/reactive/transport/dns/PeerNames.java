package io.weir.reactive.transport.dns;

import io.netty.channel.EventLoop;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.AddressFamily;
import io.weir.core.peer.AddressRace;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.netty.SocketFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Where peers are: literals as they are, names by looking up both families, which take turns in what is found, IPv6 first. Once
 * one family has an address the other has {@link AddressRace#RESOLUTION_DELAY_NANOS} left (RFC 8305 section 3). Thread safe.
 */
public final class PeerNames {

    private static final Duration RESOLUTION_DELAY = Duration.ofNanos(AddressRace.RESOLUTION_DELAY_NANOS);

    private final NameLookup names;
    private final Supplier<EventLoop> loops;

    /** Those that are looked up there, on one of these loops. */
    public PeerNames(NameLookup names, Supplier<EventLoop> loops) {
        this.names = names;
        this.loops = loops;
    }

    /**
     * Cold: the addresses of a host, at most {@link AddressRace#MAX_ADDRESSES}, the best first.
     *
     * <p>Fails with {@link io.weir.core.error.ConnectException}: ADDRESS_UNUSABLE if the port is 0, UNRESOLVED if the name has no
     * address.
     *
     * @param timeout positive
     * @param progress hears of the look-up, where there is one
     */
    public Mono<List<InetAddress>> resolve(PeerAddress address, Duration timeout, DialProgress progress) {
        return Mono.defer(() -> {
            if (address.port() == 0) {
                IOException wrong = new IOException("port is 0, must be 1..65535 to be dialled");
                return Mono.error(SocketFailure.dialling(address, ErrorCode.ADDRESS_UNUSABLE, wrong));
            }
            Mono<List<InetAddress>> found;
            if (address.isLiteral()) {
                found = Mono.fromCallable(() -> List.of(InetAddress.getByName(address.host())));
            } else {
                progress.resolving();
                found = lookUp(address.host())
                        .timeout(
                                timeout,
                                Mono.error(() -> new TimeoutException(
                                        "its name was not resolved within " + timeout.toMillis() + " ms")));
            }
            return found.onErrorMap(e -> SocketFailure.dialling(address, ErrorCode.UNRESOLVED, e));
        });
    }

    private Mono<List<InetAddress>> lookUp(String name) {
        EventLoop loop = loops.get();
        Mono<Found> v6 = lookUp(name, AddressFamily.IPV6, loop);
        Mono<Found> v4 = lookUp(name, AddressFamily.IPV4, loop);
        Mono<List<InetAddress>> both = Mono.zip(v6, v4, Found::inTurns)
                .flatMap(all -> all.addresses.isEmpty() ? Mono.error(all.asFailure(name)) : Mono.just(all.addresses));
        return Mono.firstWithValue(both, aWhileLater(v6), aWhileLater(v4)).onErrorMap(PeerNames::ofBoth);
    }

    /** Never fails: what fails is among what is found. */
    private Mono<Found> lookUp(String name, AddressFamily family, EventLoop loop) {
        return names.lookUp(name, family, loop)
                .defaultIfEmpty(List.of())
                .map(found -> new Found(found, List.of()))
                .onErrorResume(e -> Mono.just(new Found(List.of(), List.of(e))))
                .cache();
    }

    private static Mono<List<InetAddress>> aWhileLater(Mono<Found> family) {
        return family.filter(found -> !found.addresses.isEmpty())
                .map(found -> found.addresses)
                .delayElement(RESOLUTION_DELAY);
    }

    /** Of the three that were raced only the one for both families has an error to tell; the others have no value. */
    private static Throwable ofBoth(Throwable e) {
        for (Throwable one : e.getSuppressed()) {
            if (one instanceof UnknownHostException) {
                return one;
            }
        }
        return e.getCause() == null ? e : ofBoth(e.getCause());
    }

    /** Addresses of a name, at most {@link AddressRace#MAX_ADDRESSES}, and what has failed. */
    private static final class Found {
        private final List<InetAddress> addresses;
        private final List<Throwable> failures;

        Found(List<InetAddress> addresses, List<Throwable> failures) {
            this.addresses = addresses.size() > AddressRace.MAX_ADDRESSES
                    ? addresses.subList(0, AddressRace.MAX_ADDRESSES)
                    : addresses;
            this.failures = failures;
        }

        static Found inTurns(Found v6, Found v4) {
            Set<InetAddress> all = new LinkedHashSet<>();
            for (int i = 0; i < AddressRace.MAX_ADDRESSES; i++) {
                addTo(all, v6.addresses, i);
                addTo(all, v4.addresses, i);
            }
            List<Throwable> failures = new ArrayList<>(v6.failures);
            failures.addAll(v4.failures);
            return new Found(List.copyOf(new ArrayList<>(all)), failures);
        }

        private static void addTo(Set<InetAddress> all, List<InetAddress> some, int i) {
            if (i < some.size()) {
                all.add(some.get(i));
            }
        }

        UnknownHostException asFailure(String name) {
            String why = failures.isEmpty()
                    ? "has no address"
                    : "could not be looked up, or has no address: "
                            + failures.get(0).getMessage();
            UnknownHostException failure = new UnknownHostException("the name '" + name + "' " + why);
            failures.forEach(failure::addSuppressed);
            return failure;
        }
    }
}
