package io.weir.samples.cli.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.samples.cli.progress.ProgressStyle;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PeersDisplayTest {

    private static final PeerAddress ADDRESS = PeerAddress.tcp("10.0.0.1", 7400);
    private static final PeerId ID = PeerId.parse("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    private static final CloseReason REFUSED = CloseReason.local(ErrorCode.CONNECT_FAILED);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final List<String> lines = new ArrayList<>();
    private long nowNanos = -5;
    private Instant now = NOON;

    @Test
    void lineTellsEachChangeElsewhere() {
        PeersDisplay display = display(ProgressStyle.PLAIN, 80, 24);

        showLife(display, 1);
        display.close();

        assertThat(lines)
                .containsExactly(
                        "a idle",
                        "a resolving",
                        "a connecting",
                        "a handshaking",
                        "a ready: session 1 with " + ID + ", 0.250 ms",
                        "a backing off 1.5 s: LINK_LOST, 1 failed",
                        "a ready: session 2 with " + ID + ", 0.300 ms",
                        "a awaited",
                        "a awaited 7.0 s",
                        "a gave up: NOT_ADMITTED");
        assertThat(text()).isEmpty();
    }

    @Test
    void codeThatIsNotKnownIsANumber() {
        PeersDisplay display = display(ProgressStyle.PLAIN, 80, 24);

        display.show("a", "a", null, new PeerState.GaveUp(CloseReason.remote(0x7fff)));

        assertThat(lines).containsExactly("a gave up: UNKNOWN 0x7fff");
    }

    @Test
    void tableIsDrawnAnewInPlace() {
        PeersDisplay display = display(ProgressStyle.BAR, 100, 24);

        display.show("a", "tcp://a:1", null, new PeerState.Connecting(ADDRESS));
        pass(Duration.ofMillis(100));
        display.show("b", "b", null, new PeerState.BackingOff(now.plusMillis(2_500), 3, REFUSED));
        pass(Duration.ofMillis(1_100));
        display.show("a", "tcp://a:1", null, new PeerState.Ready(session(Duration.ofNanos(1_234_567))));
        pass(Duration.ofSeconds(61));
        display.tick();

        assertThat(text())
                .isEqualTo(drawing(
                                "PEER       KEY  STATE       SINCE     ROUND TRIP",
                                "tcp://a:1       connecting  13:00:00")
                        + "\033[2A"
                        + drawing(
                                "PEER       KEY  STATE                                        SINCE     ROUND TRIP",
                                "tcp://a:1       connecting                                   13:00:00",
                                "b               backing off 2.5 s: CONNECT_FAILED, 3 failed  13:00:00")
                        + "\033[3A"
                        + drawing(
                                "PEER       KEY       STATE                                        SINCE     ROUND TRIP",
                                "tcp://a:1  11qYAYKx  ready: session 1                             13:00:01  1.235 ms",
                                "b                    backing off 1.4 s: CONNECT_FAILED, 3 failed  13:00:00")
                        + "\033[3A"
                        + drawing(
                                "PEER       KEY       STATE                                        SINCE     ROUND TRIP",
                                "tcp://a:1  11qYAYKx  ready: session 1                             13:00:01  1.235 ms",
                                "b                    backing off 0.0 s: CONNECT_FAILED, 3 failed  13:00:00"));
        assertThat(lines).isEmpty();
    }

    @Test
    void tableIsDrawnAtMostTenTimesASecondAndShowsTheLastChange() {
        PeersDisplay display = display(ProgressStyle.BAR, 80, 24);

        for (int i = 0; i < 1_000; i++) {
            display.show("a", "a", null, i % 2 == 0 ? new PeerState.Idle() : new PeerState.Connecting(ADDRESS));
            display.tick();
            pass(Duration.ofMillis(1));
        }
        assertThat(text().split("PEER", -1)).hasSize(1 + 10);
        display.show("a", "a", null, new PeerState.GaveUp(CloseReason.local(ErrorCode.NOT_ADMITTED)));
        display.close();

        assertThat(text()).endsWith("\ra          gave up: NOT_ADMITTED  13:00:01\033[K\n\033[J");
    }

    @Test
    void wideTerminalShowsWholeKeysAndOldStatesTheirDay() {
        PeersDisplay display = display(ProgressStyle.BAR, 120, 24);
        display.show("a", "a", ID, new PeerState.Idle());
        pass(Duration.ofHours(24));

        display.tick();

        assertThat(text())
                .endsWith(drawing(
                        "PEER  KEY" + " ".repeat(PeerId.TEXT_LENGTH - 3) + "  STATE  SINCE             ROUND TRIP",
                        "a     " + ID + "  idle   2026-01-02 13:00"));
    }

    @Test
    void programsGetAnObjectForEachChangeAndNoTable() {
        PeersDisplay display = display(ProgressStyle.BAR, 80, 24, true);

        display.show("a", "a", null, new PeerState.BackingOff(now.plusMillis(1_500), 2, REFUSED));
        display.show("a", "a", null, new PeerState.Ready(session(Duration.ofNanos(250_000))));
        display.show("a", "a", null, new PeerState.GaveUp(CloseReason.remote(ErrorCode.NOT_ADMITTED)));
        display.close();

        String key = "\"key\":\"" + ID + "\"";
        String since = "\"since\":\"" + NOON + "\"";
        assertThat(lines)
                .containsExactly(
                        "{\"peer\":\"a\",\"state\":\"backingoff\"," + since
                                + ",\"nextSeconds\":1.5,\"reason\":\"CONNECT_FAILED\",\"attempts\":2}",
                        "{\"peer\":\"a\"," + key + ",\"state\":\"ready\"," + since
                                + ",\"session\":1,\"roundTripMillis\":0.25}",
                        "{\"peer\":\"a\"," + key + ",\"state\":\"gaveup\"," + since + ",\"reason\":\"NOT_ADMITTED\"}");
        assertThat(text()).isEmpty();
    }

    @Test
    void nothingIsDrawnWhileAllLooksTheSame() {
        PeersDisplay display = display(ProgressStyle.BAR, 80, 24);
        display.show("a", "a", null, new PeerState.Idle());
        String before = text();

        pass(Duration.ofHours(1));
        display.tick();
        display.close();

        assertThat(text()).isEqualTo(before);
    }

    @Test
    void nothingIsShownAfterTheEnd() {
        PeersDisplay display = display(ProgressStyle.BAR, 80, 24);
        display.show("a", "a", null, new PeerState.Idle());
        display.close();
        String before = text();

        pass(Duration.ofHours(1));
        display.show("a", "a", null, new PeerState.Connecting(ADDRESS));
        display.tick();
        display.close();

        assertThat(text()).isEqualTo(before);
    }

    @Test
    void tableIsNarrowerAndShorterThanTheTerminal() {
        PeersDisplay display = display(ProgressStyle.BAR, 8, 5);
        for (String peer : List.of("a", "b", "c", "d", "e")) {
            display.show(peer, peer, null, new PeerState.Idle());
        }

        display.close();

        assertThat(text()).endsWith(drawing("PEER  K", "a", "b", "... and"));
    }

    @Test
    void noStyleShowsNothing() {
        PeersDisplay display = display(ProgressStyle.NONE, 80, 24);

        showLife(display, 1_000);
        display.close();

        assertThat(text()).isEmpty();
        assertThat(lines).isEmpty();
    }

    private void showLife(PeersDisplay display, int everyMillis) {
        for (PeerState state : List.of(
                new PeerState.Idle(),
                new PeerState.Resolving(ADDRESS),
                new PeerState.Connecting(ADDRESS),
                new PeerState.Handshaking(ADDRESS),
                new PeerState.Ready(session(Duration.ofNanos(250_000))),
                new PeerState.BackingOff(
                        now.plusMillis(1_500 + 5L * everyMillis), 1, CloseReason.local(ErrorCode.LINK_LOST)),
                new PeerState.Ready(session(Duration.ofNanos(300_000))),
                new PeerState.AwaitingInbound(null),
                new PeerState.AwaitingInbound(now.plusMillis(7_000 + 8L * everyMillis)),
                new PeerState.GaveUp(CloseReason.remote(ErrorCode.NOT_ADMITTED)))) {
            display.show("a", "a", null, state);
            display.tick();
            pass(Duration.ofMillis(everyMillis));
        }
    }

    private PeersDisplay display(ProgressStyle style, int columns, int rows) {
        return display(style, columns, rows, false);
    }

    private PeersDisplay display(ProgressStyle style, int columns, int rows, boolean json) {
        Clock wall = new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.ofHours(1);
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException("it has one zone");
            }
        };
        return new PeersDisplay(
                new PeersDisplay.Surface(style, terminal, columns, rows, lines::add, json), () -> nowNanos, wall);
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
        now = now.plus(time);
    }

    private static PeerSession session(Duration roundTrip) {
        return (PeerSession) Proxy.newProxyInstance(
                PeerSession.class.getClassLoader(),
                new Class<?>[] {PeerSession.class},
                (proxy, method, args) -> method.getName().equals("roundTrip") ? roundTrip : ID);
    }

    private static String drawing(String... drawn) {
        StringBuilder text = new StringBuilder();
        for (String line : drawn) {
            text.append('\r').append(line).append("\033[K\n");
        }
        return text + "\033[J";
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
