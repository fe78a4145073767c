package io.weir.reactive.session.port;

import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.Drop;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.FastDatagram;
import io.weir.core.datagram.NetworkBuckets;
import io.weir.core.datagram.QuestionQueue;
import io.weir.core.datagram.TurnShare;
import io.weir.core.path.PathAddress;
import io.weir.core.schedule.RateMeter;
import io.weir.core.schedule.TokenBucket;
import io.weir.reactive.FastPathHandler;
import io.weir.reactive.dispatch.TaskThreads;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.loop.LoopCalls;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.SessionLoop;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

/**
 * Answers questions at a port that listens. They wait for the end of the turn in which they came, behind all that sessions have got
 * in it, and have their {@link TurnShare}. Questions of a network beyond its rate, and those that find no place, are dropped. On the
 * port's loop.
 *
 * <pre>
 *   FAST --&gt; a handler? --&gt; its network's bucket --&gt; queue --end of turn--&gt; handler --&gt; ANSWER, with others for there in one piece
 *                                                                  \--&gt; on(workers): worker --&gt; loop --&gt; ANSWER
 * </pre>
 */
final class FastPath {

    private static final Logger LOG = LoggerFactory.getLogger(FastPath.class);

    private static final int LOGGED_AT_ONCE = 10;
    private static final long LOGGED_AGAIN_NANOS = 1_000_000_000L;

    private final DatagramSocket socket;
    private final FastPaths node;
    private final DropCounts drops;
    private final Runnable published;
    private final NetworkBuckets buckets;
    private final QuestionQueue queue = new QuestionQueue();
    private final DatagramBatch answers;

    private @Nullable Disposable resumption;
    private TokenBucket failures;
    private long received;
    private long answered;
    private boolean closed;

    /**
     * That of a port.
     *
     * @param seed secret
     * @param published publishes the port's drops, behind a turn that is not the socket's
     */
    FastPath(DatagramSocket socket, FastPaths node, long seed, DropCounts drops, Runnable published) {
        this.socket = socket;
        this.node = node;
        this.drops = drops;
        this.published = published;
        long nowNanos = socket.loop().nowNanos();
        buckets = new NetworkBuckets(RateMeter.of(node.perSecond(), node.perSecond() / 10), seed, nowNanos);
        answers = new DatagramBatch(socket);
        failures = TokenBucket.full(LOGGED_AT_ONCE, LOGGED_AGAIN_NANOS, nowNanos);
    }

    /** A FAST has come. */
    void onQuestion(byte[] array, int offset, int length, PathAddress from, long nowNanos) {
        if (length < FastDatagram.LEAST_QUESTION || length > FastDatagram.MOST_QUESTION) {
            drops.add(length < FastDatagram.LEAST_QUESTION ? Drop.TRUNCATED : Drop.MALFORMED);
            return;
        }
        received++;
        if (node.handler(FastDatagram.command(array, offset)) == null) {
            drops.add(Drop.UNKNOWN_COMMAND);
        } else if (!buckets.take(from, nowNanos)) {
            drops.add(Drop.TOO_MANY_QUESTIONS);
        } else if (!queue.add(array, offset, length, from)) {
            drops.add(Drop.OVERLOADED);
        }
    }

    /**
     * Sessions have had what has come in this turn.
     *
     * @param sessionsCame whether that was anything
     * @param othersNanos how long they took
     */
    void onTurn(boolean sessionsCame, long othersNanos) {
        SessionLoop loop = socket.loop();
        if (queue.size() > 0) {
            long startNanos = loop.nowNanos();
            long shareNanos = TurnShare.nanos(sessionsCame, othersNanos);
            long usedNanos;
            do {
                answerFirst();
                usedNanos = loop.nowNanos() - startNanos;
            } while (queue.size() > 0 && usedNanos < shareNanos);
            answers.flush();
            if (queue.size() > 0 && resumption == null) {
                resumption = loop.schedule(
                        this::resume, startNanos + usedNanos + TurnShare.pauseNanos(sessionsCame, usedNanos));
            }
        }
        publish();
    }

    /** Answers nothing any more. */
    void close() {
        closed = true;
        Disposable armed = resumption;
        if (armed != null) {
            armed.dispose();
        }
        drops.add(Drop.NOT_LISTENING, queue.clear());
        publish();
    }

    private void resume() {
        resumption = null;
        onTurn(false, 0);
        published.run();
    }

    private void publish() {
        if (received > 0 || answered > 0) {
            node.add(received, answered);
            received = 0;
            answered = 0;
        }
    }

    private void answerFirst() {
        QuestionQueue.Place question = queue.peek();
        if (question == null) {
            return;
        }
        FastPathHandler handler = node.handler(question.command());
        try {
            if (handler == null) {
                return; // cannot be: it was there when the question came
            }
            TaskThreads elsewhere = handler.tasks();
            if (elsewhere == null) {
                answer(question, handler);
            } else {
                hand(question, handler, elsewhere);
            }
        } finally {
            queue.poll();
        }
    }

    private void answer(QuestionQueue.Place question, FastPathHandler handler) {
        ByteBuffer answer = answers.begin(FastDatagram.mostAnswer(question.length()));
        int start = answer.position();
        answer.put(DatagramType.ANSWER.number()).put((byte) question.command());
        try {
            if (handler.answer(question.body(), answer)) {
                require(answer.position() >= start + FastDatagram.HEADER_LENGTH);
                answers.add(question.from());
                answered++;
            } else {
                drops.add(Drop.UNANSWERED);
            }
        } catch (Throwable e) {
            onFailure(question.command(), e);
            if (Fault.isFatal(e)) {
                Fault.throwOn(e);
            }
        }
    }

    /** A handler may move the position, but only ahead. */
    private static void require(boolean behindTheHeader) {
        if (!behindTheHeader) {
            throw new IllegalStateException("the handler has moved the answer's position before its beginning");
        }
    }

    private void onFailure(int command, Throwable e) {
        drops.add(Drop.HANDLER_FAILED);
        failures = failures.next(socket.loop().nowNanos());
        if (failures.passes()) {
            LOG.warn(
                    "The handler of command {} of the fast path failed; {} failures before it were not told",
                    command,
                    failures.heldBack(),
                    e);
        }
    }

    // ---- on other threads

    private void hand(QuestionQueue.Place question, FastPathHandler handler, TaskThreads threads) {
        ByteBuffer body = question.body();
        ByteBuffer copy = ByteBuffer.allocate(body.remaining()).put(body).flip().asReadOnlyBuffer();
        ByteBuffer answer = ByteBuffer.allocate(FastDatagram.mostAnswer(question.length()))
                .put(DatagramType.ANSWER.number())
                .put((byte) question.command());
        PathAddress from = question.from();
        threads.submit(node, () -> work(copy, answer, handler, from), this::onNoRoom);
    }

    /** On the loop, in a turn, or on a worker. */
    private void onNoRoom() {
        if (socket.loop().inLoop()) {
            drops.add(Drop.OVERLOADED);
        } else {
            LoopCalls.execute(socket.loop(), () -> onDropped(Drop.OVERLOADED));
        }
    }

    /** On a worker. */
    private void work(ByteBuffer question, ByteBuffer answer, FastPathHandler handler, PathAddress from) {
        boolean answers = false;
        Throwable failure = null;
        try {
            answers = handler.answer(question, answer);
            require(answer.position() >= FastDatagram.HEADER_LENGTH);
        } catch (Throwable e) {
            failure = e;
        }
        boolean sends = answers;
        Throwable failed = failure;
        LoopCalls.run(socket.loop(), () -> onWorked(answer, sends, failed, from));
        if (failed != null && Fault.isFatal(failed)) {
            Fault.throwOn(failed);
        }
    }

    /** Outside of a turn. */
    private void onDropped(Drop why) {
        drops.add(why);
        published.run();
    }

    private void onWorked(ByteBuffer answer, boolean sends, @Nullable Throwable failed, PathAddress from) {
        if (closed) {
            onDropped(Drop.NOT_LISTENING);
            return;
        }
        if (failed != null) {
            onFailure(answer.get(1) & 0xFF, failed);
        } else if (sends) {
            ByteBuffer out = answers.begin(answer.position());
            out.put(answer.array(), 0, answer.position());
            answers.add(from);
            answers.flush();
            answered++;
        } else {
            drops.add(Drop.UNANSWERED);
        }
        publish();
        published.run();
    }
}
