package io.weir.core.message;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.credit.MemoryPool;
import io.weir.core.error.ApplicationException;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.SessionFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One end of a simulation: gives random commands, and keeps account of what became of each message. */
final class SimulatedSide implements MessageHost {

    /** A request of this side and all that was told about it. */
    private static final class Ask {
        OutgoingRequest request;
        byte[] body;
        boolean cancelled;
        int endsAtCancel;
        byte @Nullable [] reply;

        @Nullable
        CloseReason missing;

        int ends;
    }

    /** A one-way message of this side and all that was told about it. */
    private static final class Send {
        byte[] body;
        int written;
        int failed;
    }

    /** What this side's handler did with a request of the peer. */
    private static final class Run {
        IncomingRequest request;
        byte[] body;
        byte @Nullable [] reply;

        @Nullable
        ErrorCode failure;

        boolean answered;
        int cancels;
    }

    final List<byte[]> records = new ArrayList<>();
    SimulatedSide peer;
    boolean cancels = true;
    boolean refuses = true;
    int mostBodyBytes = 1_000;
    int mostInFlight = 0xFFFF;
    boolean repeats;
    boolean quiet;

    private final String name;
    private final MessageSettings settings;
    private final Random random;
    private final FrameWriter out;
    private final FrameReader in = new FrameReader();
    private final MemoryBudget budget;
    private final MessageTable table;
    private final Map<String, Ask> asks = new LinkedHashMap<>();
    private final Map<String, Send> sends = new LinkedHashMap<>();
    private final Map<String, Run> runs = new HashMap<>();
    private final Map<String, byte[]> arrived = new HashMap<>();
    private final List<Run> open = new ArrayList<>();
    private final List<Ask> askable = new ArrayList<>();
    private final List<IncomingMessage> untaken = new ArrayList<>();
    private boolean awake;
    private boolean controlAwake;
    private boolean messagesAwake;

    /** What was free when memory was short; negative if it was not. */
    private long shortAt = -1;

    private long elsewhere;

    private boolean goingAway;
    private int number;

    /** Of the records, the first ones that are of one frame. */
    private int split;

    SimulatedSide(String name, MessageSettings settings, Random random, int recordBytes) {
        this.name = name;
        this.settings = settings;
        this.random = random;
        this.out = new FrameWriter(recordBytes, recordBytes);
        this.budget = new MemoryBudget(
                8 * Math.max(settings.largestRequest(), settings.largestReply()), MemoryPool.unbounded());
        budget.tryReserve(settings.requestWindow() + settings.replyWindow());
        this.table = new MessageTable(settings, budget, this);
    }

    /** The peer's HELLO. */
    void hear() {
        table.onPeerHello(peer.table.ownHello(Hello.defaults()));
    }

    // ---- commands

    void ask() {
        Ask ask = new Ask();
        String route = name + " asks " + number++;
        ask.body = body();
        ask.request = new OutgoingRequest(route, headers(), buffer(ask.body), new RequestListener() {
            @Override
            public void onReply(byte[] array, int offset, int length) {
                ask.ends++;
                ask.reply = Arrays.copyOfRange(array, offset, offset + length);
                anything();
            }

            @Override
            public void onMissing(CloseReason reason) {
                ask.ends++;
                ask.missing = reason;
                anything();
            }
        });
        ErrorCode refusal = table.request(ask.request);
        if (refusal == null) {
            asks.put(route, ask);
            askable.add(ask);
        } else {
            expect(refusal == ErrorCode.GOING_AWAY == goingAway, "refused with " + refusal);
        }
    }

    void send() {
        Send send = new Send();
        String title = name + " says " + number++;
        send.body = body();
        ErrorCode refusal = table.send(new OutgoingMessage(title, headers(), buffer(send.body), new SendListener() {
            @Override
            public void onWritten() {
                send.written++;
                anything();
            }

            @Override
            public void onFailed(CloseReason reason) {
                send.failed++;
                anything();
            }
        }));
        if (refusal == null) {
            sends.put(title, send);
        }
    }

    void cancelOne() {
        if (cancels && !askable.isEmpty()) {
            Ask ask = askable.get(random.nextInt(askable.size()));
            if (!ask.cancelled) {
                ask.cancelled = true;
                ask.endsAtCancel = ask.ends;
            }
            table.cancel(ask.request);
        }
    }

    /** Answers any open request of the peer; false if there is none. */
    boolean answerOne() {
        if (open.isEmpty()) {
            return false;
        }
        answer(open.remove(random.nextInt(open.size())));
        return true;
    }

    private void answer(Run run) {
        boolean late = run.answered || run.cancels > 0;
        ErrorCode instead = null;
        if (refuses && random.nextInt(4) == 0) {
            if (random.nextBoolean()) {
                run.request.fail(new ApplicationException(1, "", body(), random.nextBoolean()));
            } else {
                run.request.fail(ErrorCode.APPLICATION_ERROR);
            }
            instead = ErrorCode.APPLICATION_ERROR;
        } else {
            byte[] reply = body();
            instead = run.request.reply(buffer(reply));
            if (!late && instead == null) {
                run.reply = reply;
            }
        }
        if (!late) {
            run.answered = true;
            run.failure = instead;
        }
    }

    /** An answer to a request that has one: it must not count. */
    void answerTwice() {
        for (Run run : runs.values()) {
            if (run.answered) {
                run.request.reply(body());
                run.request.fail(ErrorCode.INTERNAL);
                return;
            }
        }
    }

    boolean takeOne() {
        if (untaken.isEmpty()) {
            return false;
        }
        IncomingMessage message = untaken.remove(random.nextInt(untaken.size()));
        message.taken();
        message.taken();
        return true;
    }

    /** GOAWAY, in a record of its own. */
    void goAway() {
        goingAway = true;
        out.reset();
        out.write(new SessionFrame.Goaway(0, table.goAway(), 0, 0));
        records.add(Arrays.copyOf(out.array(), out.position()));
    }

    void close(CloseReason reason) {
        goingAway = true;
        quiet = true;
        table.close(reason);
        table.close(CloseReason.local(ErrorCode.INTERNAL));
    }

    /** From inside a callback, any command may come. */
    private void anything() {
        if (quiet) {
            return;
        }
        switch (random.nextInt(12)) {
            case 0 -> ask();
            case 1 -> send();
            case 2 -> cancelOne();
            case 3 -> answerOne();
            case 4 -> takeOne();
            default -> {}
        }
    }

    // ---- memory

    /** Somebody else takes memory, or gives back what was taken. */
    void useMemoryElsewhere() {
        if (elsewhere > 0) {
            leaveMemoryElsewhere();
        } else {
            elsewhere = (long) (random.nextDouble() * (budget.available() + 1));
            budget.tryReserve(elsewhere);
        }
    }

    void leaveMemoryElsewhere() {
        budget.release(elsewhere);
        elsewhere = 0;
    }

    // ---- records

    boolean writeRecord() {
        return settings.order() == FrameOrder.TOTAL ? writeMerged() : writeOfOneLane();
    }

    /** As a carrier does that keeps lanes apart: a lane that has written nothing is not asked before the host was woken. */
    private boolean writeOfOneLane() {
        out.reset();
        if (controlAwake && (!messagesAwake || random.nextBoolean())) {
            table.writeControl(out);
            controlAwake = !out.isEmpty();
        } else if (messagesAwake) {
            messagesAwake = table.writeOne(out) != MessageTurns.NONE;
        } else {
            return false;
        }
        if (!out.isEmpty()) {
            records.add(Arrays.copyOf(out.array(), out.position()));
        }
        return true;
    }

    private boolean writeMerged() {
        out.reset();
        if (random.nextInt(8) > 0) {
            table.writeControl(out);
        }
        table.write(out, 1 + random.nextInt(1_000));
        if (out.isEmpty()) {
            table.writeControl(out);
        }
        if (out.isEmpty()) {
            expect(!pending(), "there is something to write, and nothing was written");
            awake = false;
            return false;
        }
        awake = pending();
        records.add(Arrays.copyOf(out.array(), out.position()));
        return true;
    }

    void deliverNext() {
        peer.receive(records.remove(0));
    }

    /** Any of the next few records, sometimes again later. */
    void deliverAny() {
        int index = random.nextInt(Math.min(6, records.size()));
        byte[] record = random.nextInt(5) == 0 ? records.get(index) : records.remove(index);
        peer.receive(record);
    }

    /** The oldest frame of any lane. */
    void deliverOfAnyLane() {
        splitIntoLanes();
        Map<String, byte[]> oldest = new LinkedHashMap<>();
        records.forEach(frame -> oldest.putIfAbsent(lane(frame), frame));
        List<byte[]> frames = List.copyOf(oldest.values());
        byte[] frame = frames.get(random.nextInt(frames.size()));
        records.remove(frame);
        split--;
        peer.receive(frame);
    }

    private void splitIntoLanes() {
        while (split < records.size()) {
            byte[] record = records.remove(split);
            in.reset(record, 0, record.length);
            for (FrameReader.Kind kind = in.next(); kind != FrameReader.Kind.END; kind = in.next()) {
                out.reset();
                out.write(kind == FrameReader.Kind.MESSAGE ? in.message().frame() : in.frame());
                records.add(split++, Arrays.copyOf(out.array(), out.position()));
            }
        }
    }

    /** Of a message, or control. */
    private String lane(byte[] frame) {
        if (in.reset(frame, 0, frame.length).next() != FrameReader.Kind.MESSAGE) {
            return "control";
        }
        return switch (in.message().type()) {
            case ONE_WAY, REQUEST, CANCEL -> "begun " + in.message().replyId();
            case REPLY, ERROR, CANCELLED -> "answer " + in.message().replyId();
        };
    }

    private void receive(byte[] record) {
        in.reset(record, 0, record.length);
        for (FrameReader.Kind kind = in.next(); kind != FrameReader.Kind.END; kind = in.next()) {
            expect(kind == FrameReader.Kind.MESSAGE || kind == FrameReader.Kind.FRAME, "read " + kind);
            ErrorCode error = kind == FrameReader.Kind.MESSAGE ? table.onMessage(in.message()) : onFrame(in.frame());
            expect(error == null, "the session ended with " + error);
        }
    }

    private @Nullable ErrorCode onFrame(Frame frame) {
        if (frame instanceof CreditFrame.Window window) {
            return table.onWindow(window);
        }
        if (frame instanceof SessionFrame.Goaway goaway) {
            goingAway = true;
            table.onPeerGoaway(goaway.lastMessageId());
            return null;
        }
        return table.onBlocked((CreditFrame.Blocked) frame);
    }

    // ---- host

    @Override
    public void onMemoryShort() {
        shortAt = shortAt < 0 ? budget.available() : shortAt;
    }

    @Override
    public void onMessagesPending() {
        expect(!awake || settings.order() != FrameOrder.TOTAL, "woken again");
        awake = true;
        controlAwake = true;
        messagesAwake = true;
    }

    @Override
    public @Nullable ErrorCode admitRequest(String route) {
        return table.inFlight() < mostInFlight ? null : ErrorCode.BUSY;
    }

    @Override
    public void onRequest(IncomingRequest request) {
        Run run = new Run();
        run.request = request;
        run.body = Arrays.copyOfRange(request.array(), request.offset(), request.offset() + request.length());
        expect(runs.put(request.name(), run) == null, request + " ran twice");
        request.listener(MessageSide.whenCancelled(() -> {
            run.cancels++;
            expect(!run.answered, request + " was cancelled after its answer");
            anything();
        }));
        if (random.nextInt(3) == 0) {
            answer(run);
        } else {
            open.add(run);
        }
        anything();
    }

    @Override
    public void onOneWay(IncomingMessage message) {
        byte[] body = Arrays.copyOfRange(message.array(), message.offset(), message.offset() + message.length());
        expect(arrived.put(message.name(), body) == null, message + " arrived twice");
        if (random.nextBoolean()) {
            message.taken();
        } else {
            untaken.add(message);
        }
        anything();
    }

    // ---- invariants

    void check() {
        if (shortAt >= 0 && budget.available() > shortAt) {
            shortAt = -1;
            table.onMemoryFreed();
        }
        boolean knows = settings.order() == FrameOrder.TOTAL
                ? awake || !pending()
                : (controlAwake || !table.hasControl()) && (messagesAwake || !table.hasMessages());
        expect(knows, "something is to be written, and nobody was told");
        expect(table.outstanding() <= settings.maxOutstanding(), "outstanding: " + table.outstanding());
        expect(table.inFlight() <= mostInFlight, "in flight: " + table.inFlight());
        expect(table.duplicates() == 0 || peer.repeats, "duplicates: " + table.duplicates());
        expect(
                table.inbox().partial() <= SendLane.MOST_UNDER_WAY || settings.order() == FrameOrder.PER_HALF,
                "partial: " + table.inbox().partial());
        MessageWindow requests = table.inbox().window();
        MessageWindow replies = table.requestBook().window();
        checkWindow(requests, settings.largestRequest());
        checkWindow(replies, settings.largestReply());
        expect(
                budget.reserved() == requests.reserved() + replies.reserved() + elsewhere,
                "reserved: " + budget.reserved());
    }

    private void checkWindow(MessageWindow window, long largest) {
        long held = window.received() - window.consumed();
        long promised = window.limit() - window.consumed();
        expect(held >= 0 && held <= promised, "held " + held + " of " + promised);
        expect(promised <= window.reserved(), "promised " + promised + " and reserved " + window.reserved());
        expect(window.reserved() <= largest, "reserved " + window.reserved() + " of " + largest);
    }

    void checkNothingIsLeft() {
        expect(table.isIdle(), "not idle: " + table);
        expect(table.outstanding() == 0 && table.inFlight() == 0, table.toString());
        expect(table.inbox().partial() == 0 && table.requestBook().partial() == 0, "partial");
        expect(table.requestLane().queuedBytes() == 0 && table.answerLane().queuedBytes() == 0, "queued bytes");
        checkAccount(table.requestLane().credit().sent(), peer.table.inbox().window(), "requests");
        checkAccount(
                table.answerLane().credit().sent(), peer.table.requestBook().window(), "answers");
    }

    private void checkAccount(long sent, MessageWindow window, String what) {
        expect(
                sent == window.received() && sent == window.consumed(),
                what + " sent " + sent + " received " + window.received() + " consumed " + window.consumed());
    }

    void checkClosed() {
        expect(table.outstanding() == 0 && table.inFlight() == 0, table.toString());
        expect(!table.hasMessages() && !table.hasControl(), "something to write after the end");
        for (Run run : runs.values()) {
            expect(run.answered ? run.cancels == 0 : run.cancels == 1, run.request + " was told " + run.cancels);
        }
    }

    /** Each request has ended exactly once, in a way that agrees with what the peer's handler did. */
    void checkEnds() {
        asks.forEach((route, ask) -> {
            Run run = peer.runs.get(route);
            if (ask.cancelled) {
                expect(ask.ends == ask.endsAtCancel && ask.ends <= 1, route + " was told after its cancel");
            } else {
                expect(ask.ends == 1, route + " has ended " + ask.ends + " times");
            }
            if (ask.reply != null) {
                expect(run != null && Arrays.equals(run.reply, ask.reply), route + " got another reply");
            }
            if (run != null) {
                expect(Arrays.equals(run.body, ask.body), route + " ran with another body");
            }
            CloseReason missing = ask.missing;
            if (missing != null && missing.error() == ErrorCode.APPLICATION_ERROR) {
                expect(run != null && run.failure == ErrorCode.APPLICATION_ERROR, route + " did not fail");
            }
            if (missing != null
                    && (missing.code() == ErrorCode.BUSY.number() || missing.code() == ErrorCode.GOING_AWAY.number())) {
                expect(run == null, route + " ran though it said " + missing);
            }
        });
        sends.forEach((title, send) -> {
            byte[] there = peer.arrived.get(title);
            expect(send.written + send.failed == 1, title + " has ended otherwise");
            expect(send.failed == 0 || there == null || isClosed(), title + " failed and arrived");
            expect(there == null || Arrays.equals(there, send.body), title + " arrived as another");
            expect(send.written == 0 || there != null || goingAway, title + " was written and did not arrive");
        });
    }

    void checkAllReplied() {
        asks.forEach((route, ask) -> expect(ask.cancelled || ask.reply != null, route + " ended with " + ask.missing));
    }

    int messages() {
        return asks.size() + sends.size();
    }

    private boolean isClosed() {
        return quiet
                && table.request(new OutgoingRequest("x", Headers.empty(), new byte[0], 0, 0, new Deaf()))
                        == ErrorCode.LINK_LOST;
    }

    private boolean pending() {
        return table.hasMessages() || table.hasControl();
    }

    private void expect(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(name + ": " + otherwise);
        }
    }

    // ---- random input

    /** Of any size, some larger than the peer's windows. */
    private byte[] body() {
        int most = random.nextInt(4) == 0 ? mostBodyBytes : Math.min(mostBodyBytes, 60);
        byte[] body = new byte[random.nextInt(most)];
        random.nextBytes(body);
        return body;
    }

    /** With an array or without, from any position. */
    private ByteBuffer buffer(byte[] body) {
        int before = random.nextInt(3);
        ByteBuffer buffer = ByteBuffer.allocate(before + body.length + 1);
        buffer.position(before).put(body).flip().position(before);
        return random.nextBoolean() ? buffer : buffer.asReadOnlyBuffer();
    }

    private Headers headers() {
        return random.nextInt(6) == 0 ? Headers.of("k", "v".repeat(random.nextInt(20))) : Headers.empty();
    }

    private static final class Deaf implements RequestListener {
        @Override
        public void onReply(byte[] array, int offset, int length) {}

        @Override
        public void onMissing(CloseReason reason) {}
    }
}
