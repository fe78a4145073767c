package io.weir.reactive.balance;

import io.weir.core.balance.OutlierDetector;
import io.weir.core.error.ApplicationException;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.reactive.Balancing;
import io.weir.reactive.ConnectionManager.PeerChange;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerGroup;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.SessionState;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.transport.SessionLoop;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * Who belongs to a group, and who of them may be chosen. Hosts the {@link OutlierDetector}. What happens is settled on a loop of its
 * own, one thing after the other; calls read what was settled last, from any thread. Holds one member for each id of the peers that
 * its source has told and not taken back.
 */
final class Roster {

    private static final Logger LOG = LoggerFactory.getLogger(Roster.class);

    private final SessionLoop loop;
    private final Balancing balancing;
    private final DoubleSupplier random;
    private final Sinks.Many<Choice> choices = Sinks.many().replay().latestOrDefault(Choice.NOBODY);

    private volatile Choice choice = Choice.NOBODY;
    private volatile List<Member> everybody = List.of();
    private volatile @Nullable CloseReason closed;

    // Touched on the loop only.
    private final Map<ManagedPeer, PeerState> told = new LinkedHashMap<>();
    private final Map<PeerId, Member> members = new LinkedHashMap<>();
    private final OutlierDetector<Member> outliers;
    private final Disposable.Swap timer = Disposables.swap();

    Roster(SessionLoop loop, Balancing balancing, DoubleSupplier random) {
        this.loop = loop;
        this.balancing = balancing;
        this.random = random;
        this.outliers = new OutlierDetector<>(balancing.outliers());
    }

    // ---- any thread

    /** Those that may be chosen. */
    Choice choice() {
        return choice;
    }

    /** The same, then each change; a subscriber that is slow gets the latest. Fails when the group is over. */
    Flux<Choice> choices() {
        return choices.asFlux().onBackpressureLatest();
    }

    /** Why the group is over; null: it is not. */
    @Nullable
    CloseReason closed() {
        return closed;
    }

    List<PeerGroup.Member> members() {
        return everybody.stream()
                .map(member -> new PeerGroup.Member(
                        member.id(),
                        member.outstanding(Kind.REQUEST),
                        member.outstanding(Kind.STREAM),
                        member.usable() != null,
                        member.isOut()))
                .toList();
    }

    /** A call that was begun in that era has been answered. */
    void onSuccess(Member member, int era) {
        if (member.isSuspect()) {
            run(() -> {
                if (isCurrent(member, era)) {
                    outliers.onSuccess(member);
                    member.judged(false, false);
                }
            });
        }
    }

    /** A call that was begun in that era has failed, by the peer's fault or not. */
    void onError(Member member, int era, Throwable failure) {
        if (isPeersFault(failure)) {
            run(() -> {
                if (isCurrent(member, era)) {
                    onFailure(member, failure);
                }
            });
        } else if (isAnswer(failure)) {
            onSuccess(member, era);
        }
    }

    private boolean isPeersFault(Throwable failure) {
        try {
            return balancing.failures().test(failure);
        } catch (Throwable e) { // the user's; whoever called still hears of the failure
            Fault.report(e, Context.empty());
            return false;
        }
    }

    /** What a peer's handler has said shows that it is there. */
    private static boolean isAnswer(Throwable failure) {
        return failure instanceof ApplicationException;
    }

    /** Something has happened to a peer. */
    void onChange(PeerChange change) {
        run(() -> {
            if (closed != null) {
                return;
            }
            if (change.state() instanceof PeerState.Removed removed) {
                told.remove(change.peer());
                if (removed.reason().error() == ErrorCode.NODE_CLOSED) {
                    end(removed.reason());
                    return;
                }
            } else {
                told.put(change.peer(), change.state());
            }
            settle();
        });
    }

    /** Nothing more will happen. Where nobody is left, nobody will come: so it is when the node closes. */
    void onComplete() {
        run(() -> {
            if (told.isEmpty()) {
                end(CloseReason.local(ErrorCode.NODE_CLOSED));
            }
        });
    }

    /** Nothing is chosen any more. */
    void end(CloseReason reason) {
        closed = reason;
        run(() -> {
            told.clear();
            settle();
            timer.dispose();
            choices.tryEmitError(new ConnectException(reason).about("a call to a group of peers"));
        });
    }

    private void run(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            closed = CloseReason.local(ErrorCode.NODE_CLOSED);
        }
    }

    // ---- on the loop

    private boolean isCurrent(Member member, int era) {
        return member.era() == era && members.get(member.id()) == member;
    }

    private void onFailure(Member member, Throwable failure) {
        boolean leftOut = outliers.onFailure(member, loop.nowNanos(), random.getAsDouble());
        member.judged(outliers.isOut(member), outliers.isSuspect(member));
        if (leftOut) {
            LOG.info("{} fails and is left out for a time; its last failure was: {}", member, failure.toString());
            publish();
        }
    }

    private void onDeadline() {
        judge(outliers.onDeadline(loop.nowNanos()));
        publish();
    }

    /** Members are those whose id is known; each has the session of whoever is ready with it. */
    private void settle() {
        Map<PeerId, PeerSession> ready = new HashMap<>();
        Set<PeerId> known = new LinkedHashSet<>();
        told.forEach((peer, state) -> {
            if (state instanceof PeerState.Ready here) {
                PeerSession session = here.session();
                known.add(session.peer());
                ready.merge(session.peer(), session, Roster::better);
            } else {
                Optional<PeerId> id = peer.id();
                id.ifPresent(known::add);
            }
        });
        members.entrySet().removeIf(entry -> {
            boolean gone = !known.contains(entry.getKey());
            if (gone) {
                entry.getValue().forget();
                judge(outliers.remove(entry.getValue(), loop.nowNanos()));
            }
            return gone;
        });
        for (PeerId id : known) {
            Member member = members.computeIfAbsent(id, Member::new);
            outliers.add(member);
            use(member, ready.get(id));
        }
        everybody = List.copyOf(members.values());
        publish();
    }

    private static PeerSession better(PeerSession one, PeerSession other) {
        return one.state() == SessionState.READY ? one : other;
    }

    private void use(Member member, @Nullable PeerSession session) {
        if (member.session() != session) {
            member.use(
                    session,
                    session == null
                            ? Disposables.disposed()
                            : session.onDrain().onErrorComplete().subscribe(null, null, () -> run(this::refresh)));
        }
        judge(outliers.present(member, member.usable() != null, loop.nowNanos()));
    }

    /** A session has begun to drain, or has ended. */
    private void refresh() {
        long now = loop.nowNanos();
        members.values().forEach(member -> judge(outliers.present(member, member.usable() != null, now)));
        publish();
    }

    private void judge(List<Member> returned) {
        returned.forEach(member -> member.judged(outliers.isOut(member), outliers.isSuspect(member)));
    }

    private void publish() {
        timer.update(outliers.hasDeadline() ? schedule(outliers.deadlineNanos()) : Disposables.disposed());
        Choice now = Choice.of(members.values(), member -> !member.isOut() && member.usable() != null);
        if (!now.sameAs(choice)) {
            choice = now;
            choices.tryEmitNext(now);
        }
    }

    private Disposable schedule(long atNanos) {
        try {
            return loop.schedule(this::onDeadline, atNanos);
        } catch (RejectedExecutionException e) {
            return Disposables.disposed();
        }
    }
}
