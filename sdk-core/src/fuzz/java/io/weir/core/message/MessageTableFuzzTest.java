package io.weir.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.error.ApplicationException;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.fuzz.FrameScript;
import io.weir.core.fuzz.ScriptRun;
import io.weir.core.message.MessageSide.Asking;
import io.weir.core.message.MessageSide.Sending;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.ErrorDetail;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFields;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A table of messages, its application and a peer that sends any frames at all; an input is the script of a {@link FrameScript}.
 */
class MessageTableFuzzTest {

    private static final int WINDOW = 256;
    private static final int MAX_IN_FLIGHT = 4;
    private static final int MAX_OUTSTANDING = 4;
    private static final int MAX_QUEUED = 512;

    static Stream<byte[]> seeds() {
        return Stream.of(
                new FrameScript()
                        .record(message(MessageType.REQUEST, 1, "r"), message(MessageType.ONE_WAY, 2, "m"))
                        .command(3, 3)
                        .command(4, 0)
                        .command(2, 0)
                        .record(message(MessageType.CANCEL, 1, ""))
                        .bytes(),
                new FrameScript()
                        .command(0, 4)
                        .command(1, 2)
                        .command(2, 0)
                        .record(fragment(MessageType.REPLY, 2, 0, 1))
                        .record(fragment(MessageType.REPLY, 2, 1, 1))
                        .command(2, 0)
                        .bytes(),
                new FrameScript()
                        .command(0, 4)
                        .command(2, 0)
                        .record(MessageSide.whole(
                                MessageType.ERROR,
                                1,
                                "",
                                new ErrorDetail(true, "no", Bytes.copyOf(new byte[9])).encode(0x1_0007)))
                        .record(message(MessageType.REQUEST, 1, "r"))
                        .command(3, 14)
                        .bytes(),
                new FrameScript()
                        .command(0, 4)
                        .command(2, 0)
                        .command(5, 0)
                        .command(2, 0)
                        .record(message(MessageType.CANCELLED, 1, ""), new CreditFrame.Window(1, 20, 500))
                        .bytes(),
                new FrameScript()
                        .command(0, 15)
                        .command(0, 15)
                        .command(6, 2)
                        .record(new CreditFrame.Window(1, 0, 600), new CreditFrame.Blocked(2, 256, 256))
                        .command(2, 0)
                        .record(new SessionFrame.Goaway(0, 1, 0, 0))
                        .bytes(),
                new FrameScript()
                        .record(fragment(MessageType.REQUEST, 3, 0, 1), message(MessageType.REQUEST, 2, "r"))
                        .record(fragment(MessageType.REQUEST, 3, 1, 1))
                        .command(7, 15)
                        .record(message(MessageType.REQUEST, 3, "r"))
                        .bytes());
    }

    private static Frame message(MessageType type, long id, String name) {
        return MessageSide.whole(type, id, name, new byte[type == MessageType.REQUEST ? 5 : 0]);
    }

    private static Frame fragment(MessageType type, int packets, int packet, long id) {
        return MessageSide.fragment(type, packets, packet, id, new byte[64]);
    }

    @MethodSource("seeds")
    @FuzzTest
    void messages(byte[] script) {
        new Run().play(script);
    }

    private static final class Run extends ScriptRun {

        private final MessageSide side =
                new MessageSide(new MessageSettings(WINDOW, WINDOW, MAX_OUTSTANDING, MAX_QUEUED, 64), MAX_IN_FLIGHT);
        private final List<Asking> askings = new ArrayList<>();
        private final List<Asking> cancelled = new ArrayList<>();
        private final List<Sending> sendings = new ArrayList<>();
        private int answered;
        private int taken;

        Run() {
            side.table.onPeerHello(Hello.defaults()
                    .withRequestWindow(WINDOW)
                    .withReplyWindow(WINDOW)
                    .withFeatures(Hello.APPLICATION_ERRORS));
        }

        @Override
        protected @Nullable ErrorCode message(MessageFields message) {
            return side.table.onMessage(message);
        }

        @Override
        protected @Nullable ErrorCode frame(Frame frame) {
            if (frame instanceof CreditFrame.Window window) {
                return ofMessages(window.handle()) ? side.table.onWindow(window) : null;
            }
            if (frame instanceof CreditFrame.Blocked blocked) {
                return ofMessages(blocked.handle()) ? side.table.onBlocked(blocked) : null;
            }
            return frame instanceof SessionFrame.Goaway goaway ? side.table.onPeerGoaway(goaway.lastMessageId()) : null;
        }

        private static boolean ofMessages(long handle) {
            return handle == CreditFrame.REQUESTS_HANDLE || handle == CreditFrame.REPLIES_HANDLE;
        }

        @Override
        protected void command(int what, int size) {
            switch (what) {
                case 0 -> keep(side.ask("ask", new byte[size * 13]));
                case 1 -> keep(side.send("tell", new byte[size * 13]));
                case 2 -> {
                    side.writeAll();
                    side.records.clear();
                }
                case 3 -> reply(size);
                case 4 -> {
                    if (taken < side.oneWays.size()) {
                        side.oneWays.get(taken++).taken();
                    }
                }
                case 5 -> {
                    if (!askings.isEmpty()) {
                        Asking asking = askings.get(size % askings.size());
                        if (asking.ends() == 0) {
                            cancelled.add(asking);
                        }
                        side.table.cancel(asking.request);
                    }
                }
                case 6 -> side.writeRecord(32 + size * 16);
                default -> {
                    if (size == 15) {
                        side.table.goAway();
                    }
                }
            }
        }

        private void reply(int size) {
            if (answered < side.asked.size()) {
                IncomingRequest request = side.asked.get(answered++);
                if (size == 14) {
                    request.fail(new ApplicationException(size, "no", new byte[size * 13]));
                } else if (request.answered() || (size & 1) == 0) {
                    request.fail(ErrorCode.BUSY);
                } else if (request.reply(new byte[size * 13]) != null) {
                    request.fail(ErrorCode.BUSY);
                }
            }
        }

        private void keep(Asking asking) {
            if (asking.refusal == null) {
                askings.add(asking);
            }
        }

        private void keep(Sending sending) {
            if (sending.refusal == null) {
                sendings.add(sending);
            }
        }

        @Override
        protected void check(@Nullable ErrorCode violation) {
            assertThat(side.table.inFlight()).isBetween(0, MAX_IN_FLIGHT);
            assertThat(side.table.outstanding()).isBetween(0, MAX_OUTSTANDING);
            assertThat(side.table.queuedBytes()).isGreaterThanOrEqualTo(0);
            for (MessageWindow window : List.of(
                    side.table.inbox().window(), side.table.requestBook().window())) {
                assertThat(window.received() - window.consumed()).isBetween(0L, (long) WINDOW);
            }
            assertThat(side.table.requestLane().credit().sent()).isGreaterThanOrEqualTo(0);
            for (Asking asking : askings) {
                assertThat(asking.ends()).isLessThanOrEqualTo(1);
            }
        }

        @Override
        protected void close() {
            side.table.close(CloseReason.local(ErrorCode.NODE_CLOSED));
            for (Asking asking : askings) {
                assertThat(asking.ends()).isEqualTo(cancelled.contains(asking) ? 0 : 1);
            }
            for (Sending sending : sendings) {
                assertThat(sending.written + sending.failures.size()).isEqualTo(1);
            }
            assertThat(side.table.outstanding()).isZero();
            assertThat(side.table.hasMessages()).isFalse();
            assertThat(side.table.hasControl()).isFalse();
        }
    }
}
