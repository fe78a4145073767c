package io.weir.reactive.session.port;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.datagram.Drop;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.FastDatagram;
import io.weir.core.error.ErrorCode;
import io.weir.core.integrity.Vote;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.list.IntrusiveList;
import io.weir.core.map.LongMap;
import io.weir.core.path.PathAddress;
import io.weir.reactive.session.loop.LoopCalls;
import io.weir.reactive.transport.SessionLoop;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * The votes that were asked for at one port and are not answered: at most {@link #MOST}. Answers are found by their nonce, whose 128
 * random bits nobody knows but who has seen the question; so it does not matter which of its addresses a peer answers from. On the
 * port's loop.
 *
 * <p>One timer looks at all of them every {@link #TICK_NANOS}, as there are far more questions than time-outs; while it is armed this
 * is a user of the port, and some time longer, so that votes one by one do not open a port each.
 */
final class OpenVotes {

    /** No more are open at a port; whoever asks for one more is told BUSY. */
    static final int MOST = 4_096;

    static final long TICK_NANOS = 50_000_000L;

    private static final int RANDOM_BYTES = 1_024;

    private final Port port;
    private final SessionLoop loop;
    private final DropCounts drops;
    private final RandomBytes random;
    private final Runnable onIdle;
    private final DatagramBatch questions;
    private final IntrusiveList<VoteQuestion> open = new IntrusiveList<>();
    private final LongMap<VoteQuestion> byNonce;

    // nonces that were drawn together
    private final byte[] drawn = new byte[RANDOM_BYTES];
    private int drawnAt = RANDOM_BYTES;

    private @Nullable Disposable tick;
    private boolean flushesLater;
    private boolean asked; // since the last tick

    /** @param onIdle is run when the port is used for votes no more */
    OpenVotes(Port port, RandomBytes random, Runnable onIdle) {
        this.onIdle = onIdle;
        this.port = port;
        this.loop = port.loop();
        this.drops = port.drops();
        this.random = random;
        questions = new DatagramBatch(port.socket());
        byNonce = new LongMap<>(random.nextLong());
    }

    /** Whether any is open, or was a moment ago. */
    boolean isInUse() {
        return tick != null;
    }

    /** Asks, until there is an answer or no more time. */
    void ask(VoteQuestion question, long endNanos) {
        if (open.size() >= MOST) {
            question.fail(ErrorCode.BUSY, MOST + " votes are open at this port");
            return;
        }
        do {
            draw(question.nonce());
        } while (byNonce.get(question.id()) != null);
        question.begin(endNanos);
        asked = true;
        open.add(question);
        byNonce.put(question.id(), question);
        question.sink().onCancel(() -> LoopCalls.run(loop, () -> remove(question)));
        if (open.contains(question)) { // else it was cancelled by now
            send(question, loop.nowNanos());
            arm();
        }
    }

    /** An ANSWER has come. */
    void onAnswer(byte[] array, int offset, int length) {
        int nonceAt = FastDatagram.HEADER_LENGTH + 1;
        if (length < nonceAt + VoteCodec.NONCE_LENGTH) {
            drops.add(Drop.TRUNCATED);
            return;
        }
        VoteQuestion question = FastDatagram.command(array, offset) == VoteCodec.COMMAND
                ? byNonce.get(VoteQuestion.id(array, offset + nonceAt))
                : null;
        if (question == null) {
            drops.add(Drop.UNASKED);
            return;
        }
        int header = FastDatagram.HEADER_LENGTH;
        Vote vote = question.vote(ByteBuffer.wrap(array, offset + header, length - header));
        if (vote == null) {
            drops.add(question.isKeyed() ? Drop.NOT_AUTHENTIC : Drop.MALFORMED);
            return;
        }
        remove(question);
        question.sink().success(vote);
    }

    /** What was asked in a turn goes out. */
    void flush() {
        questions.flush();
    }

    /** The system takes no datagram of that size to there. */
    void onRefused(int bytes, PathAddress to) {
        String why = "the way there takes no datagram of " + bytes + " bytes";
        look(question -> {
            if (question.datagram().length == bytes && question.goesTo(to)) {
                remove(question);
                question.fail(ErrorCode.PAYLOAD_TOO_LARGE, why);
            }
        });
    }

    /** Nothing is asked here any more. */
    void end(ErrorCode code, String why) {
        Disposable armed = tick;
        for (VoteQuestion question = open.first(); question != null; question = open.first()) {
            remove(question);
            question.fail(code, why);
        }
        if (armed != null && armed == tick) {
            armed.dispose();
            leave();
        }
    }

    private void send(VoteQuestion question, long nowNanos) {
        byte[] datagram = question.datagram();
        questions.begin(datagram.length).put(datagram);
        questions.add(question.next(nowNanos));
        if (!port.sessionless().isInTurn() && !flushesLater) {
            flushesLater = true;
            LoopCalls.execute(loop, this::flushLater);
        }
    }

    private void flushLater() {
        flushesLater = false;
        questions.flush();
    }

    private void arm() {
        if (tick == null && port.enter()) {
            tick = loop.schedule(this::tick, loop.nowNanos() + TICK_NANOS);
        }
    }

    private void tick() {
        if (open.isEmpty() && !asked) {
            leave();
            return;
        }
        asked = false;
        long nowNanos = loop.nowNanos();
        tick = loop.schedule(this::tick, nowNanos + TICK_NANOS);
        look(question -> {
            if (question.isOver(nowNanos)) {
                remove(question);
                question.fail(ErrorCode.REQUEST_TIMEOUT, "asked " + question.sent() + " times");
            } else if (question.isDue(nowNanos)) {
                send(question, nowNanos);
            }
        });
    }

    /** Looks at each that is open, in turn: whoever is told something may end others, or ask for more. */
    private void look(Consumer<VoteQuestion> at) {
        for (int left = open.size(); left > 0; left--) {
            VoteQuestion question = open.first();
            if (question == null) {
                return;
            }
            open.remove(question);
            open.add(question);
            at.accept(question);
        }
    }

    private void leave() {
        tick = null;
        onIdle.run();
        port.leave();
    }

    private void remove(VoteQuestion question) {
        if (open.contains(question)) {
            open.remove(question);
            byNonce.remove(question.id());
        }
    }

    private void draw(byte[] nonce) {
        if (drawnAt == RANDOM_BYTES) {
            random.nextBytes(drawn);
            drawnAt = 0;
        }
        System.arraycopy(drawn, drawnAt, nonce, 0, nonce.length);
        Arrays.fill(drawn, drawnAt, drawnAt + nonce.length, (byte) 0);
        drawnAt += nonce.length;
    }
}
