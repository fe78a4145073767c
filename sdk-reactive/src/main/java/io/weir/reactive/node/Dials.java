package io.weir.reactive.node;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.DialStage;
import io.weir.reactive.PeerSession;
import io.weir.reactive.session.Session;
import io.weir.reactive.session.SessionSettings;
import io.weir.reactive.session.setup.SessionSetup;
import io.weir.reactive.session.setup.SetupHost;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.Handshakes;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The connections that a node makes: at most one dial to each address at a time, shared by all that want it. Of each dial
 * exactly one of ConnectionSetup and ConnectionSetupError is told. Thread safe.
 */
final class Dials implements Disposable {

    private final SessionSettings settings;
    private final SetupHost host;
    private final Handshakes handshakes;
    private final Transports transports;
    private final Setups setups;
    private final Listeners listeners;
    private final DialNews news;
    private final Contests contests;
    private final Sinks.Empty<Void> disposed = Sinks.empty();
    private final Map<PeerAddress, Dial> inProgress = new ConcurrentHashMap<>();

    /** Live sessions by the address that was dialled, where that does not say which peer is expected. */
    private final Map<PeerAddress, Session> byAddress = new ConcurrentHashMap<>();

    Dials(
            SessionSettings settings,
            SetupHost host,
            Handshakes handshakes,
            Transports transports,
            Setups setups,
            Listeners listeners,
            Contests contests,
            DialNews news) {
        this.settings = settings;
        this.host = host;
        this.handshakes = handshakes;
        this.transports = transports;
        this.setups = setups;
        this.listeners = listeners;
        this.contests = contests;
        this.news = news;
    }

    /** The session that an earlier dial to this very address led to; it may have ended. */
    @Nullable
    Session session(PeerAddress address) {
        return byAddress.get(address);
    }

    void onEnd(Session session) {
        byAddress.values().removeIf(led -> led == session); // the dials to several addresses may have led to it
    }

    /** Addresses of which it is known to which session they led. */
    int known() {
        return byAddress.size();
    }

    /** {@link #join(PeerAddress, Consumer)} for whom the stages are all the same. */
    Mono<PeerSession> join(PeerAddress address) {
        return join(address, stage -> {});
    }

    /**
     * Joins the dial to that address that is in progress, or begins one; cancelling leaves it. Call for each subscriber.
     *
     * @param stages hears the dial's stage at once, if it has one yet, and then each further one, serially and before the
     *     outcome
     */
    Mono<PeerSession> join(PeerAddress address, Consumer<? super DialStage> stages) {
        AtomicBoolean begin = new AtomicBoolean();
        Dial dial = inProgress.compute(address, (a, current) -> {
            begin.set(current == null);
            Dial joined = current == null ? new Dial(a) : current;
            joined.wanted++;
            return joined;
        });
        Disposable listening = dial.tell(stages);
        if (begin.get()) {
            dial.begin();
        }
        return dial.outcome.asMono().doOnCancel(dial::leave).doFinally(signal -> listening.dispose());
    }

    /** Fails the dials in progress; each tells so. */
    @Override
    public void dispose() {
        disposed.tryEmitEmpty();
    }

    private Mono<PeerSession> dial(PeerAddress address, DialStages stages) {
        if (!setups.unfinished().begin()) {
            return Mono.error(new ConnectException(Transports.closed()).about(address.toString()));
        }
        DialNews.OfDial told = news.of(address);
        return Mono.defer(() -> connection(address, stages))
                .doOnNext(connection -> stages.handshaking())
                .flatMap(connection -> setUp(address, connection))
                .or(contests.dialling(address.expected()))
                .or(disposed.asMono().then(Mono.error(() -> new ConnectException(Transports.closed()))))
                .doOnNext(told::succeeded)
                .doOnError(e -> {
                    if (e instanceof WeirException known) {
                        known.about(address.toString());
                    }
                    told.failed(reasonOf(e));
                })
                .doOnCancel(() -> told.failed(CloseReason.local(ErrorCode.CANCELLED)))
                .doFinally(signal -> setups.unfinished().end());
    }

    private Mono<Establisher> connection(PeerAddress address, DialStages stages) {
        String unusable = transports.whyNotDialled(address);
        if (unusable != null) {
            return Mono.error(new ConnectException(CloseReason.local(ErrorCode.ADDRESS_UNUSABLE, unusable)));
        }
        if (listeners.isOwn(address)) {
            return Mono.error(new ConnectException(
                    CloseReason.local(ErrorCode.SELF_CONNECT, "this node listens there itself"),
                    new IOException("cannot connect to " + address + ": this node listens there itself")));
        }
        PeerId expected = address.expected();
        if (expected != null && expected.equals(settings.handshake().identity().peerId())) {
            return Mono.error(new ConnectException(
                    CloseReason.local(ErrorCode.SELF_CONNECT, "the peer that is expected there is this node itself")));
        }
        return transports.forAddress(address).dial(address, settings.limits().connectTimeout(), stages, handshakes);
    }

    private static CloseReason reasonOf(Throwable e) {
        return e instanceof ConnectException refused ? refused.reason() : CloseReason.local(ErrorCode.INTERNAL);
    }

    private Mono<PeerSession> setUp(PeerAddress address, Establisher connection) {
        return Mono.create(sink -> {
            Setups.Handle handle = setups.begin();
            if (handle == null) {
                connection.close();
                sink.error(new ConnectException(Transports.closed()));
                return;
            }
            sink.onCancel(handle);
            long id = handle.sessionId();
            SessionSetup.Outcome outcome = new SessionSetup.Outcome(
                    session -> {
                        handle.settled();
                        remember(address, session);
                        sink.success(session);
                    },
                    reason -> {
                        handle.settled();
                        sink.error(new ConnectException(reason));
                    });
            handle.started(SessionSetup.initiate(
                    settings,
                    host,
                    id,
                    connection,
                    address.expected(),
                    setups.news().before(outcome, id, connection, true)));
        });
    }

    private void remember(PeerAddress address, Session session) {
        if (address.expected() == null) {
            byAddress.put(address, session);
            if (session.isDisposed()) {
                byAddress.remove(address, session); // its end may have been told before
            }
        }
    }

    /**
     * One dial, from its first subscriber until it is settled or the last of them has left. It leaves the map before anybody
     * hears its outcome, so that who dials again from there begins a new one.
     */
    private final class Dial {
        private final PeerAddress address;
        private final Sinks.One<PeerSession> outcome = Sinks.one();
        private final DialStages stages = new DialStages(listeners::isOwn);
        private final Disposable.Swap running = Disposables.swap();
        private int wanted; // by so many; touched inside the map's compute only

        Dial(PeerAddress address) {
            this.address = address;
        }

        void begin() {
            running.update(dial(address, stages)
                    .subscribe(
                            session -> {
                                inProgress.remove(address, this);
                                outcome.tryEmitValue(session);
                            },
                            e -> {
                                inProgress.remove(address, this);
                                outcome.tryEmitError(e);
                            }));
        }

        Disposable tell(Consumer<? super DialStage> listener) {
            return stages.tell(listener);
        }

        /** One wants it no more. */
        void leave() {
            AtomicBoolean last = new AtomicBoolean();
            inProgress.computeIfPresent(address, (a, current) -> {
                if (current != this) {
                    return current; // settled, and there is another one by now
                }
                last.set(--wanted == 0);
                return last.get() ? null : current;
            });
            if (last.get()) {
                running.dispose();
            }
        }
    }
}
