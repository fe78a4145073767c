package io.weir.reactive.node;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.SessionContest;
import io.weir.core.peer.SessionContest.Proof;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerSession;
import io.weir.reactive.session.Session;
import io.weir.reactive.session.setup.Contender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * What this node has to do with one peer: the session there is, the dials that expect the peer, and the connections that want
 * to be the session. Hosts a {@link SessionContest}. Not thread safe: each call is one step of {@link Contests}, and what is
 * to be done outside of the step is queued.
 *
 * <pre>
 *   contend --> WAITING --ADMIT--> GOING --claim--> INCUMBENT --prevailed--> (live) --onEnd-->
 *                  |                 |                  |
 *                  +-----------------+------------------+----withdraw, giveWay-->
 * </pre>
 *
 * Bound: one inbound connection waits, the latest; those dialled here are as many as there are dials.
 */
final class Contest {

    /** For so long a session that took the place of another one gives its own only when it is dead. */
    static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();

    private final Contests contests;
    private final PeerId peer;
    private final SessionContest rules;
    private final long probeNanos;

    private final Set<Dial> dials = new LinkedHashSet<>();
    private final List<Entrant> entrants = new ArrayList<>(1);

    /** Those of contenders that ended while a session was about to be ready: told when it is, or is not. */
    private final List<Consumer<@Nullable Session>> undecided = new ArrayList<>(1);

    private volatile @Nullable Incumbent incumbent;
    private @Nullable Disposable probe;
    private boolean replacing; // whoever is next takes the place of another one
    private @Nullable Queue<Runnable> follow;

    Contest(Contests contests, PeerId self, PeerId peer, NodeLimits limits) {
        this.contests = contests;
        this.peer = peer;
        rules = new SessionContest(self, peer);
        probeNanos = Math.min(
                limits.handshakeTimeout().toNanos() / 4, limits.silenceLimit().toNanos());
    }

    /** A dial whose peer is known before it has proved anything. */
    record Dial(Consumer<PeerSession> prevailed) {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** The session with the peer, ready or just about to be. Any thread. */
    @Nullable
    Session survivor() {
        Incumbent current = incumbent;
        return current == null ? null : current.contender.session();
    }

    /** Whether it knows of nothing any more. */
    boolean isOver() {
        return incumbent == null && entrants.isEmpty() && dials.isEmpty();
    }

    /** Takes a step; {@code later} gets what is to be done after it. */
    void step(Consumer<Contest> step, Queue<Runnable> later) {
        follow = later;
        step.accept(this);
        follow = null;
    }

    private void then(Runnable action) {
        Objects.requireNonNull(follow, "a step").add(action);
    }

    // ---- dials

    void begin(Dial dial) {
        dials.add(dial);
    }

    void end(Dial dial) {
        if (dials.remove(dial)) {
            judge(Proof.NONE);
        }
    }

    // ---- contenders

    void contend(Contender contender) {
        Entrant entrant = new Entrant(contender);
        for (Entrant other : List.copyOf(entrants)) {
            if (!entrant.dialledHere() && !other.dialledHere() && !other.going) {
                Entrant earlier = other.number() < entrant.number() ? other : entrant;
                remove(earlier);
                then(earlier.contender::giveWay);
                if (earlier == entrant) {
                    return;
                }
            }
        }
        entrants.add(entrant);
        judge(Proof.NONE);
    }

    boolean claim(Contender contender) {
        Incumbent current = current();
        if (current == null) {
            removeOf(contender);
            incumbent = new Incumbent(contender, replacing);
            replacing = false;
            return true;
        }
        if (current.contender == contender) {
            return true;
        }
        removeOf(contender);
        if (!contender.session().initiator()) {
            contend(contender);
        } else if (current.ready && !current.leaving) {
            then(() -> contender.giveWayTo(current.contender.session()));
        } else {
            then(contender::giveWay);
        }
        return false;
    }

    void withdraw(Contender contender, Consumer<@Nullable Session> instead) {
        removeOf(contender);
        Incumbent current = current();
        if (current != null && current.contender == contender && !current.ready) {
            forgetIncumbent();
            current = null;
        }
        if (current != null && !current.ready) {
            undecided.add(instead);
        } else {
            Session survivor = current == null || current.leaving ? null : current.contender.session();
            then(() -> instead.accept(survivor));
        }
        judge(Proof.NONE);
    }

    void prevailed(Contender contender) {
        Incumbent current = incumbent;
        if (current == null || current.contender != contender) {
            return; // it has ended since
        }
        current.ready = true;
        current.readyAtNanos = contender.loop().nowNanos();
        if (current() == null) {
            judge(Proof.NONE); // the node is closing
            return;
        }
        Session session = contender.session();
        for (Entrant entrant : List.copyOf(entrants)) {
            if (entrant.dialledHere()) {
                giveWay(entrant, session);
            }
        }
        decide(session);
        dials.forEach(dial -> then(() -> dial.prevailed.accept(session)));
        judge(Proof.ALIVE);
    }

    void onEnd(Session session) {
        Incumbent current = incumbent;
        if (current != null && current.contender.session() == session) {
            replacing = current.leaving;
            forgetIncumbent();
            judge(Proof.NONE);
        }
    }

    // ---- judging

    /** Who contends is told what follows from what is now the case; {@code proof} is what is known of the incumbent. */
    private void judge(Proof proof) {
        Incumbent current = current();
        if (current != null && !current.ready) {
            return; // prevailed or withdraw follows
        }
        dialledHereFirst().forEach(entrant -> judge(entrant, proof));
    }

    private void judge(Entrant entrant, Proof proof) {
        Incumbent current = current();
        if (entrant.going || current != null && current.leaving) {
            return;
        }
        switch (rules.decide(entrant.newcomer(), isDialling(entrant), current == null ? null : current.as(proof))) {
            case ADMIT -> {
                entrant.going = true;
                entrant.patience.dispose();
                then(entrant.contender::goOn);
            }
            case HOLD -> hold(entrant);
            case PROBE -> probe(Objects.requireNonNull(current), entrant);
            case REPLACE -> replace(Objects.requireNonNull(current));
            case YIELD ->
                giveWay(entrant, Objects.requireNonNull(current).contender.session());
        }
    }

    /** The session in the way: claimed, live or about to be replaced; one that takes nothing new any more is not. */
    private @Nullable Incumbent current() {
        Incumbent current = incumbent;
        if (current != null
                && current.ready
                && !current.leaving
                && !current.contender.session().takesNew()) {
            forgetIncumbent();
            return null;
        }
        return current;
    }

    private boolean isDialling(Entrant beside) {
        if (!beside.patient) {
            return false;
        }
        if (beside.dialledHere()) {
            return entrants.stream().anyMatch(other -> other.going);
        }
        return !dials.isEmpty() || entrants.stream().anyMatch(other -> other.going && other.dialledHere());
    }

    /** An inbound connection waits for half of the time it has left: a dial that hangs must not cost both. */
    private void hold(Entrant entrant) {
        if (entrant.dialledHere() || entrant.held) {
            return;
        }
        entrant.held = true;
        Contender held = entrant.contender;
        then(() -> {
            long now = held.loop().nowNanos();
            entrant.patience.update(Timers.at(held.loop(), now + (held.deadlineNanos() - now) / 2, () -> {
                contests.later(peer, this, () -> {
                    entrant.patient = false;
                    judge(Proof.NONE);
                });
            }));
        });
    }

    private void probe(Incumbent current, Entrant entrant) {
        if (probe != null) {
            return;
        }
        Disposable.Swap asking = Disposables.swap();
        probe = asking;
        then(() -> asking.update(Probe.ask(
                current.contender.session(),
                entrant.contender.loop(),
                probeNanos,
                alive -> contests.later(peer, this, () -> {
                    if (probe == asking) {
                        probe = null;
                        judge(alive ? Proof.ALIVE : Proof.DEAD);
                    }
                }))));
    }

    private void replace(Incumbent current) {
        current.leaving = true;
        endProbe();
        then(current.contender.session()::replace);
    }

    private void giveWay(Entrant entrant, Session survivor) {
        remove(entrant);
        if (entrant.dialledHere()) {
            then(() -> entrant.contender.giveWayTo(survivor));
        } else {
            then(entrant.contender::giveWay);
        }
    }

    private List<Entrant> dialledHereFirst() {
        List<Entrant> ordered = new ArrayList<>();
        entrants.stream().filter(Entrant::dialledHere).forEach(ordered::add);
        entrants.stream().filter(entrant -> !entrant.dialledHere()).forEach(ordered::add);
        return ordered;
    }

    private void removeOf(Contender contender) {
        List.copyOf(entrants).stream()
                .filter(entrant -> entrant.contender == contender)
                .forEach(this::remove);
    }

    private void remove(Entrant entrant) {
        entrants.remove(entrant);
        entrant.patience.dispose();
    }

    private void forgetIncumbent() {
        incumbent = null;
        decide(null);
        endProbe();
    }

    private void decide(@Nullable Session survivor) {
        undecided.forEach(instead -> then(() -> instead.accept(survivor)));
        undecided.clear();
    }

    private void endProbe() {
        if (probe != null) {
            probe.dispose();
            probe = null;
        }
    }

    /** A connection that wants to be the session. */
    private static final class Entrant {
        final Contender contender;
        final Disposable.Swap patience = Disposables.swap();
        boolean patient = true;
        boolean held;
        boolean going; // it may say HELLO, and has not claimed to be the session yet

        Entrant(Contender contender) {
            this.contender = contender;
        }

        boolean dialledHere() {
            return contender.session().initiator();
        }

        long number() {
            return contender.session().id();
        }

        SessionContest.Newcomer newcomer() {
            Session session = contender.session();
            return new SessionContest.Newcomer(session.initiator(), session.id(), session.peerIncarnation());
        }
    }

    /** The session there is. */
    private static final class Incumbent {
        final Contender contender;
        final boolean replacement;
        boolean ready;
        boolean leaving; // it was told to, and its end is awaited
        long readyAtNanos;

        Incumbent(Contender contender, boolean replacement) {
            this.contender = contender;
            this.replacement = replacement;
        }

        SessionContest.Incumbent as(Proof proof) {
            Session session = contender.session();
            boolean fresh = replacement && contender.loop().nowNanos() - readyAtNanos < FRESH_NANOS;
            return new SessionContest.Incumbent(session.id(), session.peerIncarnation(), fresh, proof);
        }
    }
}
