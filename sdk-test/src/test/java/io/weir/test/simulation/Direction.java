package io.weir.test.simulation;

import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.stream.Reliability;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.oracle.CreditOracle;
import io.weir.test.oracle.Delivery;
import io.weir.test.simulation.Intake.Appetite;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One direction of one life of a stream on a network that breaks: what goes in, what comes out, and its oracles. */
final class Direction {

    private final String name;
    private final Consumer<String> violations;
    private final Reliability reliability;
    private final boolean endless;
    private final boolean mayLose;
    private final Supply supply;
    private final Intake<byte[]> intake;
    private final Intake<Void> result;
    private final Delivery<byte[]> delivery;
    private final CreditOracle credit;
    private @Nullable PeerStream from;
    private @Nullable PeerStream to;
    private boolean broken;

    /**
     * What is to be carried.
     *
     * @param lossy whether what is fire-and-forget may be lost on the way
     */
    record Load(int elements, int[] sizes, boolean endless, Appetite appetite, boolean lossy) {}

    Direction(
            String name,
            SimulatedNetwork network,
            Load load,
            Reliability reliability,
            long initialWindow,
            StreamConfig receiver,
            Consumer<String> violations) {
        this.name = name;
        this.violations = violations;
        this.reliability = reliability;
        endless = load.endless();
        mayLose = load.lossy() && reliability == Reliability.FIRE_AND_FORGET;
        supply = new Supply(load.elements(), load.sizes(), endless, this::taken, this::require);
        intake = new Intake<>(network, load.appetite(), this::received, this::require);
        result = new Intake<>(network, Appetite.EVERYTHING, nothing -> {}, this::require);
        delivery = Delivery.of(name, reliability);
        credit = new CreditOracle(name, initialWindow, receiver);
    }

    void sendFrom(PeerStream stream) {
        from = stream;
        stream.send(supply, Codec.bytes()).subscribe(result);
    }

    void receiveAt(PeerStream stream) {
        to = stream;
        stream.receive(Codec.bytes()).subscribe(intake);
    }

    /** A user has broken it off, or will: it may end in any way that has a type. */
    void broken() {
        broken = true;
    }

    void cancelSend() {
        broken = true;
        result.cancel();
    }

    void cancelReceive() {
        broken = true;
        intake.cancel();
    }

    void resume() {
        intake.resume();
    }

    private void taken(byte[] element) {
        delivery.sent(element);
        credit.taken(element.length);
    }

    private void received(byte[] element) {
        try {
            delivery.received(element);
        } catch (AssertionError e) {
            violations.accept(String.valueOf(e.getMessage()));
        }
        credit.consumed(element.length);
    }

    private void require(boolean legal, String rule) {
        if (!legal) {
            violations.accept(rule + ": " + this);
        }
    }

    /** As much as both users want has come through, and nobody waits for more. */
    boolean isDone() {
        if (intake.cancelled() || result.cancelled()) {
            return true;
        }
        return endless
                ? supply.allEmitted() && (mayLose || intake.received() == supply.total())
                : result.completed() && intake.completed();
    }

    boolean isOver() {
        return (from == null || result.isOver()) && (to == null || intake.isOver());
    }

    private boolean isSated() {
        return intake.cancelled();
    }

    /** At any moment: the ends that came have a reason, and credit is kept to. */
    void check() {
        checkEnd(from, result.error(), "send");
        checkEnd(to, intake.error(), "receive");
        boolean mayLack = !intake.completed() || broken || mayLose;
        require(mayLack || delivery.received() == supply.total(), "receive completes with all");
        require(mayLack || delivery.gaps() == 0, "nothing leaves a gap");
        boolean mayComplete = reliability == Reliability.FIRE_AND_FORGET || delivery.received() == supply.total();
        require(!result.completed() || broken || mayComplete, "reliable send completes when all is consumed");
        if (live()) {
            credit.check(from.stats(), to.stats());
        }
    }

    private boolean live() {
        return from != null
                && to != null
                && !mayLose // what was lost counts as consumed, and no user sees it
                && !broken
                && !result.isOver()
                && !intake.isOver()
                && !from.session().isDisposed()
                && !to.session().isDisposed()
                && from.stats().active()
                && to.stats().active();
    }

    private void checkEnd(@Nullable PeerStream at, @Nullable Throwable e, String what) {
        if (at == null || e == null) {
            return;
        }
        boolean sessionEnded = e instanceof SessionClosedException;
        boolean streamEnded = e instanceof StreamReset || e instanceof StreamStopped;
        require(sessionEnded || streamEnded, what + " fails with what happened");
        require(!sessionEnded || at.session().isDisposed(), what + " has lost a session that lives");
        require(!streamEnded || broken || isSated(), what + " has no reason to fail");
    }

    /** Where nothing is under way and the sessions live: everything that was wanted is there, and no credit leaked. */
    void checkSettled() {
        check();
        if (live()) {
            require(intake.received() == Math.min(intake.requested(), supply.total()), "what was asked for has come");
            credit.checkSettled(from.stats(), to.stats());
        }
    }

    /** After both nodes have closed. */
    void checkOver() {
        check();
        require(from == null || result.isOver(), "send has ended");
        require(to == null || intake.isOver(), "receive has ended");
        require(supply.isOver(), "the publisher was cancelled, or is done");
    }

    @Override
    public String toString() {
        return name + (broken ? " broken off" : "") + ": " + result + ", " + intake + ", " + delivery;
    }
}
