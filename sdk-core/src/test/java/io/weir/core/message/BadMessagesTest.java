package io.weir.core.message;

import static io.weir.core.message.MessageSide.bytes;
import static io.weir.core.message.MessageSide.fragment;
import static io.weir.core.message.MessageSide.settle;
import static io.weir.core.message.MessageSide.whole;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.message.MessageSide.Asking;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer may send that it should not, and what it costs it: a packet, the session, never the node. */
class BadMessagesTest {

    private static final int WINDOW = 4_096;

    private final MessageSide a = new MessageSide(MessageSide.settings(WINDOW));
    private final MessageSide b = new MessageSide(MessageSide.settings(WINDOW));

    @BeforeEach
    void introduce() {
        MessageSide.introduce(a, b);
    }

    // ---- ids

    @ParameterizedTest
    @EnumSource(MessageType.class)
    void idZeroIsNobodys(MessageType type) {
        byte[] body = type == MessageType.ERROR ? new byte[] {1} : bytes(0);
        assertThat(b.receive(whole(type, 0, "", body))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(b.asked).isEmpty();
        assertThat(b.oneWays).isEmpty();
    }

    @Test
    void aRepeatedRequestRunsOnceAndCostsOnce() {
        Frame request = whole(MessageType.REQUEST, 1, "r", bytes(10));
        for (int i = 0; i < 1_000; i++) {
            assertThat(b.receive(request)).isNull();
        }
        assertThat(b.asked).hasSize(1);
        assertThat(b.table.duplicates()).isEqualTo(999);
        assertThat(b.table.inbox().window().received()).isEqualTo(27);

        b.asked.get(0).reply(bytes(1));
        b.writeAll();
        assertThat(b.receive(request)).isNull();
        assertThat(b.asked).hasSize(1);
    }

    @Test
    void aRepeatedOneWayMessageArrivesOnce() {
        Frame message = whole(MessageType.ONE_WAY, 1, "m", bytes(10));
        assertThat(b.receive(message)).isNull();
        b.oneWays.get(0).taken();
        assertThat(b.receive(message)).isNull();
        assertThat(b.oneWays).hasSize(1);
    }

    @Test
    void idsMayLeapAndWhatIsLeftFarBehindIsNeverTaken() {
        long id = 1;
        for (int i = 0; i < 10_000; i++) {
            assertThat(b.receive(whole(MessageType.ONE_WAY, id, "m", bytes(0)))).isNull();
            b.oneWays.remove(0).taken();
            b.records.clear();
            b.writeAll();
            id += SeenIds.SPAN - 1;
        }
        assertThat(b.receive(whole(MessageType.ONE_WAY, 2, "m", bytes(0)))).isNull();
        assertThat(b.oneWays).isEmpty();
        assertThat(b.table.duplicates()).isEqualTo(1);
        assertThat(b.receive(whole(MessageType.REQUEST, (1L << 62) - 1, "m", bytes(0))))
                .isNull();
        assertThat(b.asked).hasSize(1);
    }

    // ---- answers

    @ParameterizedTest
    @EnumSource(names = {"REPLY", "ERROR", "CANCELLED"})
    void anAnswerToARequestThatWasNeverAskedEndsTheSession(MessageType type) {
        byte[] body = type == MessageType.ERROR ? new byte[] {1} : bytes(0);
        a.ask("r", bytes(1)); // not written yet, so it has no id
        assertThat(a.receive(whole(type, 1, "", body))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aSecondAnswerIsDroppedAndCostsNothing() {
        Asking asking = a.ask("r", bytes(1));
        a.writeAll();
        assertThat(a.receive(whole(MessageType.REPLY, 1, "", bytes(5)))).isNull();
        for (MessageType type : List.of(MessageType.REPLY, MessageType.CANCELLED)) {
            assertThat(a.receive(whole(type, 1, "", bytes(0)))).isNull();
        }
        assertThat(a.receive(fragment(MessageType.REPLY, 2, 0, 1, bytes(64)))).isNull();

        assertThat(asking.ends()).isEqualTo(1);
        assertThat(a.table.duplicates()).isEqualTo(3);
        assertThat(a.table.requestBook().window().received()).isEqualTo(21);
    }

    @ParameterizedTest
    @CsvSource({
        "ERROR, ''", // no code
        "ERROR, 40", // a code cut off
        "ERROR, 0101", // something behind the code
        "CANCELLED, 00",
    })
    void anAnswerWithAnImpossibleBodyEndsTheSession(MessageType type, String body) {
        Asking asking = a.ask("r", bytes(1));
        a.writeAll();

        assertThat(a.receive(whole(type, 1, "", HexFormat.of().parseHex(body)))).isEqualTo(ErrorCode.MALFORMED_FRAME);
        assertThat(asking.ends()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"ERROR", "CANCELLED"})
    void onlyRepliesComeInParts(MessageType type) {
        a.ask("r", bytes(1));
        a.writeAll();
        assertThat(a.receive(fragment(type, 2, 0, 1, bytes(64)))).isEqualTo(ErrorCode.MALFORMED_FRAME);
    }

    @Test
    void aWholeAnswerBesideOneInPartsEndsTheSession() {
        a.ask("r", bytes(1));
        a.writeAll();
        assertThat(a.receive(fragment(MessageType.REPLY, 2, 0, 1, bytes(64)))).isNull();
        assertThat(a.receive(whole(MessageType.REPLY, 1, "", bytes(1)))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aCodeThatThisVersionDoesNotKnowIsReportedAsItCame() {
        Asking asking = a.ask("r", bytes(1));
        a.writeAll();
        assertThat(a.receive(whole(MessageType.ERROR, 1, "", new byte[] {0x7F, (byte) 0xFF})))
                .isNull();
        assertThat(asking.missing).containsExactly(CloseReason.remote(0x3FFF));
    }

    // ---- cancel

    @Test
    void aCancelOfARequestThatNeverCameEndsTheSession() {
        assertThat(b.receive(whole(MessageType.CANCEL, 1, "", bytes(0)))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aCancelIsOnePacketWithoutABody() {
        assertThat(b.receive(whole(MessageType.REQUEST, 1, "r", bytes(1)))).isNull();
        assertThat(b.receive(whole(MessageType.CANCEL, 1, "", bytes(1)))).isEqualTo(ErrorCode.MALFORMED_FRAME);
        assertThat(b.receive(fragment(MessageType.CANCEL, 2, 1, 1, bytes(0)))).isEqualTo(ErrorCode.MALFORMED_FRAME);
    }

    @Test
    void aRepeatedCancelIsAnsweredOnce() {
        assertThat(b.receive(whole(MessageType.REQUEST, 1, "r", bytes(1)))).isNull();
        for (int i = 0; i < 1_000; i++) {
            assertThat(b.receive(whole(MessageType.CANCEL, 1, "", bytes(0)))).isNull();
        }
        b.writeAll();
        assertThat(b.written()).hasSize(1);
        assertThat(b.receive(whole(MessageType.CANCEL, 1, "", bytes(0)))).isNull();
        b.records.clear();
        b.writeAll();
        assertThat(b.written()).isEmpty();
    }

    // ---- fragments

    @Test
    void fragmentsMayComeInAnyOrder() {
        byte[] body = bytes(64 * 4 + 10);
        int[][] orders = {{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 0, 4, 1, 3}, {4, 0, 1, 2, 3}, {1, 2, 3, 4, 0}};
        long id = 1;
        for (int[] order : orders) {
            for (int packet : order) {
                assertThat(b.asked).hasSize((int) id - 1);
                assertThat(b.receive(cut(id, body, packet))).isNull();
            }
            assertThat(b.askedBodies.get((int) id - 1)).isEqualTo(body);
            assertThat(b.asked.get((int) id - 1).name()).isEqualTo("r");
            id++;
        }
    }

    @Test
    void repeatedFragmentsAreDroppedAndCostNothing() {
        byte[] body = bytes(64 * 4 + 10);
        for (int packet : new int[] {3, 3, 0, 0, 4, 4, 3, 1, 0, 2, 2, 1}) {
            assertThat(b.receive(cut(1, body, packet))).isNull();
        }
        assertThat(b.askedBodies).containsExactly(body);
        assertThat(b.table.duplicates()).isEqualTo(7);
        assertThat(b.table.inbox().window().received()).isEqualTo(17 + body.length);
    }

    @Test
    void fragmentsOfAFinishedMessageAreDropped() {
        byte[] body = bytes(100);
        assertThat(b.receive(cut(1, body, 0))).isNull();
        assertThat(b.receive(cut(1, body, 1))).isNull();
        assertThat(b.receive(cut(1, body, 1))).isNull();
        assertThat(b.receive(fragment(MessageType.REQUEST, 9, 3, 1, bytes(64)))).isNull();

        assertThat(b.asked).hasSize(1);
        assertThat(b.table.duplicates()).isEqualTo(2);
        assertThat(b.table.inbox().partial()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "2, 0, 64, REQUEST, 3, 1, 64", // another number of packets
        "2, 0, 64, ONE_WAY, 2, 1, 64", // another type
        "2, 0, 64, REQUEST, 1, 0, 64", // whole all of a sudden
        "2, 0, 64, REQUEST, 2, 1, 65", // the last one longer than the others
        "2, 0, 64, REQUEST, 2, 1, 0", // nothing in it
        "3, 0, 64, REQUEST, 3, 1, 65", // would overlap the next
        "3, 0, 65, REQUEST, 3, 1, 64", // would leave a gap
        "3, 1, 64, REQUEST, 3, 1, 65", // the same, but another size
        "3, 2, 70, REQUEST, 3, 2, 69", // the last one again, but another size
        "3, 2, 70, REQUEST, 3, 0, 69", // shorter than the last one
    })
    void aFragmentThatContradictsTheOthersEndsTheSession(
            int packets, int packet, int length, MessageType type, int otherPackets, int otherPacket, int otherLength) {
        assertThat(b.receive(fragment(MessageType.REQUEST, packets, packet, 1, bytes(length))))
                .isNull();
        assertThat(b.receive(fragment(type, otherPackets, otherPacket, 1, bytes(otherLength))))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(b.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63})
    void aFragmentBelowTheLeastSizeEndsTheSession(int length) {
        assertThat(b.receive(fragment(MessageType.REQUEST, 2, 0, 1, bytes(length))))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0c 01 00 00 01 00 00 00", "0c 01 80010000 00 01 00 00 00", "0c 01 02 02 01 00"})
    void aNumberOfPacketsOutOfRangeIsMalformed(String hex) {
        assertThat(b.receive(HexFormat.of().parseHex(hex.replace(" ", "")))).isEqualTo(ErrorCode.MALFORMED_FRAME);
    }

    // ---- credit

    @Test
    void aMessageBeyondTheCreditEndsTheSession() {
        assertThat(b.receive(whole(MessageType.ONE_WAY, 1, "m", bytes(WINDOW - 17 - 20))))
                .isNull();
        assertThat(b.receive(whole(MessageType.REQUEST, 2, "r", bytes(4)))).isEqualTo(ErrorCode.FLOW_CONTROL);
        assertThat(b.asked).isEmpty();
        assertThat(b.receive(whole(MessageType.REQUEST, 2, "r", bytes(3)))).isNull();
        assertThat(b.asked).hasSize(1);
    }

    @Test
    void aFragmentBeyondTheCreditEndsTheSession() {
        int packets = (WINDOW - 16) / 64 + 1;
        for (int packet = 0; packet < packets - 1; packet++) {
            assertThat(b.receive(fragment(MessageType.REQUEST, packets, packet, 1, bytes(64))))
                    .isNull();
        }
        assertThat(b.receive(fragment(MessageType.REQUEST, packets, packets - 1, 1, bytes(64))))
                .isEqualTo(ErrorCode.FLOW_CONTROL);
    }

    @Test
    void anAnswerBeyondTheCreditEndsTheSession() {
        Asking asking = a.ask("r", bytes(1));
        a.writeAll();
        assertThat(a.receive(whole(MessageType.REPLY, 1, "", bytes(WINDOW - 15))))
                .isEqualTo(ErrorCode.FLOW_CONTROL);
        assertThat(asking.ends()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0c 00 01 00 01 02 6d6d 01 01 61 01 62 01 63",
                "0c 00 01 00 01 4002 6d6d 4001 4001 61 4001 62 4001 63"
            })
    void longerFormsOfANumberCostNothing(String hex) {
        assertThat(b.receive(HexFormat.of().parseHex(hex.replace(" ", "")))).isNull();
        assertThat(b.table.inbox().window().received()).isEqualTo(16 + 2 + 5 + 1);
    }

    @Test
    void aGrantThatCannotBeEndsTheSession() {
        a.ask("r", bytes(1));
        a.writeAll();
        assertThat(a.receive(new CreditFrame.Window(1, 19, 9_000))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(a.receive(new CreditFrame.Window(2, 1, 9_000))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    /** Its whole cost is spent when it begins, and what was not written of it is taken back when it is given up. */
    @Test
    void ofAMessageUnderWayOnlyWhatWasWrittenMayBeConsumed() {
        Asking asking = a.ask("r", bytes(1_000));
        a.writeRecord(200);
        int written = a.written().stream()
                .mapToInt(frame -> ((MessageFrame) frame).payload().length())
                .sum();

        assertThat(a.receive(new CreditFrame.Window(1, 17 + written, 9_000))).isNull();
        a.table.cancel(asking.request);
        assertThat(a.table.requestLane().credit().sent()).isEqualTo(17 + written);

        a.ask("r", bytes(1_000));
        a.writeRecord(200);
        assertThat(a.receive(
                        new CreditFrame.Window(1, a.table.requestLane().credit().sent(), 9_000)))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void lowAndRepeatedGrantsAndStrangeBlocksDoNoHarm() {
        a.ask("r", bytes(1));
        a.writeAll();
        assertThat(a.receive(new CreditFrame.Window(1, 18, 1))).isNull();
        assertThat(a.receive(new CreditFrame.Window(1, 0, WINDOW))).isNull();
        assertThat(a.receive(new CreditFrame.Blocked(2, 1L << 61, 0))).isNull();
        assertThat(a.receive(new CreditFrame.Blocked(1, 0, 0))).isNull();
        assertThat(a.table.hasControl()).isFalse();
        assertThat(a.ask("r", bytes(WINDOW - 17 - 18)).refusal).isNull();
        assertThat(a.table.hasMessages()).isTrue();
    }

    /** The last memory of a node is for answers, so a peer that was never asked must have no part in it. */
    @Test
    void aPeerThatOwesNoAnswerIsGivenNoWindowForOne() {
        MessageSide growing = new MessageSide(MessageSide.settings(WINDOW).withLargest(WINDOW, 16 * WINDOW));
        MessageSide peer = new MessageSide(MessageSide.settings(WINDOW));
        MessageSide.introduce(growing, peer);

        assertThat(growing.receive(new CreditFrame.Blocked(2, 16 * WINDOW, 0))).isNull();
        assertThat(growing.table.hasControl()).isFalse();

        growing.ask("r", bytes(1));
        growing.writeAll();
        assertThat(growing.receive(new CreditFrame.Blocked(2, 16 * WINDOW, 0))).isNull();
        assertThat(growing.table.hasControl()).isTrue();
    }

    // ---- bounds

    @Test
    void oneHundredThousandMessagesThatAreNeverCompletedEndTheSession() {
        MessageSide wide = wide();
        int taken = 0;
        ErrorCode error = null;
        for (long id = 1; id <= 100_000 && error == null; id++) {
            error = wide.receive(fragment(MessageType.REQUEST, 0xFFFF, 0, id, bytes(64)));
            taken += error == null ? 1 : 0;
        }
        assertThat(error).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(taken).isEqualTo(SendLane.MOST_UNDER_WAY);
        assertThat(wide.table.inbox().partial()).isEqualTo(SendLane.MOST_UNDER_WAY);
    }

    @Test
    void repliesThatAreNeverCompletedEndTheSession() {
        MessageSide asker = wide();
        for (int i = 0; i < 100; i++) {
            assertThat(asker.ask("r", bytes(1)).refusal).isNull();
        }
        asker.writeAll();
        ErrorCode error = null;
        for (long id = 1; id <= 100 && error == null; id++) {
            error = asker.receive(fragment(MessageType.REPLY, 2, 1, id, bytes(1)));
        }
        assertThat(error).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(asker.table.requestBook().partial()).isEqualTo(SendLane.MOST_UNDER_WAY);
    }

    @Test
    @Tag("long")
    void oneHundredThousandRequestsThatNobodyAnswersStayWithinTheLimits() {
        MessageSide wide = wide();
        long replies = 0;
        ErrorCode error = null;
        for (long id = 1; id <= 100_000 && error == null; id++) {
            error = wide.receive(whole(MessageType.REQUEST, id, "r", bytes(1)));
            if ((id & 63) == 0) {
                wide.writeAll(); // and the peer reads
                for (Frame frame : wide.written()) {
                    if (frame instanceof MessageFrame) {
                        replies += 17;
                    }
                }
                wide.records.clear();
                assertThat(wide.receive(new CreditFrame.Window(2, replies, replies + (1 << 20))))
                        .isNull();
            }
        }
        assertThat(error).isNull();
        assertThat(wide.asked).hasSize(1_000);
        assertThat(wide.table.inFlight()).isEqualTo(1_000);
        assertThat(wide.table.refused()).isEqualTo(99_000);
    }

    @Test
    @Tag("long")
    void aPeerThatAsksAndNeverReadsIsStoppedByItsOwnCredit() {
        MessageSide wide = wide();
        byte[] reply = bytes(10_000);
        long id = 1;
        while (wide.receive(whole(MessageType.REQUEST, id, "", bytes(0))) == null) {
            if (id <= 1_000) {
                wide.asked.get((int) id - 1).reply(reply);
            }
            id++;
        }
        assertThat(id).isEqualTo((1 << 20) / 16 + 1);
        assertThat(wide.asked).hasSize(1_000);
        assertThat(wide.table.inFlight()).isEqualTo(1_000);
        assertThat(wide.table.answerLane().queuedBytes()).isLessThan((1 << 20) + 17 * 1_000);
        assertThat(wide.table.refused()).isEqualTo((1 << 20) / 16 - 1_000);
    }

    @Test
    void refusalsAreAnsweredInOrderWhenThePeerReadsAgain() {
        MessageSide wide = wide();
        for (long id = 1; id <= 5_000; id++) {
            assertThat(wide.receive(whole(MessageType.REQUEST, id, "", bytes(0))))
                    .isNull();
        }
        wide.writeAll();

        List<Long> ids = wide.written().stream()
                .filter(MessageFrame.class::isInstance)
                .map(frame -> ((MessageFrame) frame).replyId())
                .toList();
        assertThat(ids).hasSize(4_000).isSorted().startsWith(1_001L).endsWith(5_000L);
        assertThat(wide.table.inbox().window().consumed()).isEqualTo(4_000 * 16);
    }

    @Test
    void refusalsKeepToThePeersCredit() {
        MessageSide narrow = new MessageSide(new MessageSettings(1 << 20, 1 << 20, 64, 0, 64), 0);
        narrow.table.onPeerHello(Hello.defaults().withReplyWindow(40));
        for (long id = 1; id <= 10; id++) {
            assertThat(narrow.receive(whole(MessageType.REQUEST, id, "", bytes(0))))
                    .isNull();
        }
        narrow.writeAll();
        assertThat(narrow.written()).hasSize(2);
        assertThat(narrow.table.isIdle()).isFalse();
        assertThat(narrow.receive(new CreditFrame.Window(2, 34, 74))).isNull();
        narrow.writeAll();
        assertThat(narrow.written()).hasSize(4);
    }

    @Test
    void refusalsDoNotPassAReplyThatLacksCredit() {
        MessageSide one = new MessageSide(new MessageSettings(1 << 20, 1 << 20, 64, 1 << 20, 64), 1);
        one.table.onPeerHello(Hello.defaults().withReplyWindow(60));
        assertThat(one.receive(whole(MessageType.REQUEST, 1, "", bytes(0)))).isNull();
        assertThat(one.receive(whole(MessageType.REQUEST, 2, "", bytes(0)))).isNull();
        one.writeAll(); // a refusal, for 17
        one.records.clear();
        one.asked.get(0).reply(bytes(30));
        assertThat(one.receive(whole(MessageType.REQUEST, 3, "", bytes(0)))).isNull();
        one.writeAll();
        assertThat(one.written()).containsExactly(new CreditFrame.Blocked(2, 17 + 16 + 30, 17));

        one.records.clear();
        assertThat(one.receive(new CreditFrame.Window(2, 17, 77))).isNull();
        one.writeAll();
        assertThat(one.written())
                .hasSize(1)
                .allSatisfy(
                        frame -> assertThat(((MessageFrame) frame).replyId()).isEqualTo(1));
    }

    // ---- afterwards

    @Test
    void whatOneSideDoesWrongLeavesTheOtherDirectionAlone() {
        Asking asking = a.ask("r", bytes(1));
        settle(a, b);
        assertThat(a.receive(fragment(MessageType.REQUEST, 2, 0, 1, bytes(1)))).isNotNull();
        b.asked.get(0).reply(bytes(2));
        settle(a, b);
        assertThat(asking.replies).containsExactly(bytes(2));
    }

    // ---- how

    /** 1 MiB windows, 1,000 in flight, as many bytes of replies. */
    private static MessageSide wide() {
        MessageSide side = new MessageSide(new MessageSettings(1 << 20, 1 << 20, 1_000, 1 << 20, 64), 1_000);
        side.table.onPeerHello(Hello.defaults());
        return side;
    }

    /** One of the packets, of 64 bytes, of a request. */
    private static Frame cut(long id, byte[] body, int packet) {
        int packets = (body.length + 63) / 64;
        int from = packet * 64;
        Bytes payload = Bytes.copyOf(body, from, Math.min(64, body.length - from));
        return new MessageFrame(
                MessageType.REQUEST, packets, packet, id, packet == 0 ? "r" : "", Headers.empty(), payload);
    }
}
