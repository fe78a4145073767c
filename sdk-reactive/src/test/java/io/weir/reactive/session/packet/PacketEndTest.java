package io.weir.reactive.session.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.path.PathSettings;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.SessionFrame;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** How a carrier ends. */
class PacketEndTest {

    @Test
    void whoHasEndIsKnownToHaveIt() {
        Ends ends = new Ends(1).start();
        ends.pass(100);

        ends.run(ends.first::end);
        assertThat(ends.first.told).containsExactly("flushed");
        ends.pass(15);
        assertThat(ends.second.told).containsExactly("END");
        assertThat(ends.second.closedAt).isPositive();
        ends.pass(15);

        assertThat(ends.first.told).containsExactly("flushed", "lost");
        assertThat(ends.first.closedAt).isPositive();
    }

    @Test
    void endIsSaidAgainUntilItHasCome() {
        Ends ends = new Ends(1).start();
        ends.pass(100);
        int[] ended = {0};
        ends.wire.rule = (sent, number) -> sent.from().equals(Ends.FIRST) && ended[0]++ < 3;

        ends.run(ends.first::end);
        ends.pass(2_000);

        assertThat(ended[0]).isGreaterThan(3);
        assertThat(ends.second.told).containsExactly("END");
        assertThat(ends.first.told).containsExactly("flushed", "lost");
    }

    @Test
    void endIsNotTakenForArrivedWithWhatCameAlong() {
        RawPair pair = new RawPair().start();

        pair.run(() -> {
            pair.talker.say(300); // more than one packet
            pair.talker.end();
        });
        pair.pass(15);
        RawEnd.Opened last = pair.came().get(pair.came().size() - 1);
        assertThat(last.has(SessionFrame.End.class)).isTrue();
        pair.raw.acknowledge(last.number() - 1, last.number() - 1);
        pair.pass(15);
        assertThat(pair.talker.told).containsExactly("flushed");

        pair.raw.acknowledge(last.number(), last.number());
        pair.pass(15);
        assertThat(pair.talker.told).containsExactly("flushed", "lost");
    }

    @Test
    void whoHearsEndAcknowledgesItAtOnce() {
        RawPair pair = new RawPair().start();

        long number = pair.raw.next();
        pair.raw.say(new SessionFrame.End(0));
        pair.pass(20);

        assertThat(pair.talker.closedAt).isEqualTo(pair.wire.nowNanos() - 10 * PacketWire.MILLI);
        assertThat(pair.came()).hasSize(1);
        Feedback told = pair.came().get(0).feedback();
        assertThat(told).isNotNull();
        assertThat(told.largest()).isEqualTo(number);
    }

    @Test
    void onceClosedNothingIsSaidHeardOrToldAndNoTimerRuns() {
        RawPair pair = new RawPair().start();
        pair.run(() -> pair.talker.say(5_000));
        pair.run(pair.talker.carrier::close);
        int sent = pair.wire.trace().size();
        int heard = pair.talker.hearings;

        pair.run(pair.talker.carrier::close);
        pair.raw.say(new SessionFrame.Heartbeat());
        pair.pass(100);
        long tasks = pair.wire.tasks();
        pair.pass(120_000);

        assertThat(pair.wire.sentBy(pair.talker.socket())).hasSizeLessThanOrEqualTo(sent);
        assertThat(pair.talker.hearings).isEqualTo(heard);
        assertThat(pair.talker.told).isEmpty();
        assertThat(pair.wire.tasks()).isEqualTo(tasks);
    }

    @Test
    void closedFromWithinAFillItEndsAllTheSame() {
        RawPair pair = new RawPair(PathSettings.defaults());
        pair.talker.closesWhenAsked = true;

        pair.run(pair.talker::start);
        pair.pass(1_000);

        assertThat(pair.talker.closedAt).isNotNegative();
        assertThat(pair.came()).isEmpty();
    }

    @Test
    void brokenSocketIsALostLink() {
        RawPair pair = new RawPair().start();

        pair.run(() -> pair.talker.onClosed(new IOException("unplugged")));

        assertThat(pair.talker.told).containsExactly("lost: unplugged");
        assertThat(pair.talker.closedAt).isNotNegative();
    }
}
