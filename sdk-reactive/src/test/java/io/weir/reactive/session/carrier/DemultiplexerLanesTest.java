package io.weir.reactive.session.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageHead;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.session.NodePair;
import io.weir.reactive.session.SessionProbe;
import io.weir.reactive.transport.Lane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A frame in a lane where it does not belong ends the session, whatever it says. */
class DemultiplexerLanesTest {

    private final NodePair pair = NodePair.of(spec -> spec);
    private final Heard heard = new Heard();
    private final Demultiplexer demultiplexer = new Demultiplexer(
            heard,
            SessionProbe.streams(pair.session).table(),
            () -> SessionProbe.messages(pair.session).table(),
            FrameOrder.PER_HALF);

    @AfterEach
    void closePair() {
        pair.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"MERGED", "CONTROL"})
    void controlIsTakenWhereItBelongs(Lane lane) {
        assertThat(dispatch(lane, record -> record.ping(7))).isNull();
        assertThat(heard.pings).containsExactly(7L);
    }

    @ParameterizedTest
    @EnumSource(names = {"HALF", "MESSAGE"})
    void controlIsTakenNowhereElse(Lane lane) {
        assertThat(dispatch(lane, record -> record.ping(7))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(heard.pings).isEmpty();
        assertThat(demultiplexer.problem()).endsWith("in the lane " + lane);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTROL", "HALF"})
    void messagesAreTakenInNoLaneOfOthers(Lane lane) {
        assertThat(dispatch(lane, DemultiplexerLanesTest::message)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(demultiplexer.problem()).startsWith("MESSAGE ONE_WAY, id 1").endsWith("in the lane " + lane);
    }

    @ParameterizedTest
    @EnumSource(names = {"MERGED", "MESSAGE"})
    void messagesAreTakenWhereTheyBelong(Lane lane) {
        assertThat(dispatch(lane, DemultiplexerLanesTest::message)).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTROL", "MESSAGE"})
    void elementsAreTakenInNoLaneOfOthers(Lane lane) {
        assertThat(dispatch(lane, record -> {
                    record.beginData(Frame.FIRST_HANDLE, 1);
                    record.payload().put((byte) 1);
                    record.endData();
                }))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(demultiplexer.problem()).startsWith("DATA of handle 3").endsWith("in the lane " + lane);
    }

    @Test
    void framesBeforeTheOneThatDoesNotBelongAreTaken() {
        assertThat(dispatch(Lane.CONTROL, record -> {
                    record.ping(1);
                    message(record);
                    record.ping(2);
                }))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(heard.pings).containsExactly(1L);
    }

    private @Nullable ErrorCode dispatch(Lane lane, Consumer<FrameWriter> frames) {
        FrameWriter record = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
        frames.accept(record);
        return demultiplexer.onFrames(lane, Arrays.copyOf(record.array(), record.position()), record.position(), true);
    }

    private static void message(FrameWriter record) {
        MessageHead.begin(record, MessageType.ONE_WAY, 1, 1, new byte[] {'m'}, Headers.empty(), 0);
        record.endData();
    }

    /** An open session, as far as the demultiplexer asks. */
    private static final class Heard implements Demultiplexer.SessionFrames {
        private final List<Long> pings = new ArrayList<>();

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isEnding() {
            return false;
        }

        @Override
        public boolean helloHeard() {
            return true;
        }

        @Override
        public @Nullable ErrorCode onHello(Hello hello) {
            return null;
        }

        @Override
        public @Nullable ErrorCode onGoaway(SessionFrame.Goaway goaway) {
            return null;
        }

        @Override
        public void onPing(long token) {
            pings.add(token);
        }

        @Override
        public void onPong(long token) {}

        @Override
        public void onPeerEnd(long code) {}
    }
}
