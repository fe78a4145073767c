package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.Identity;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir ping}. */
final class PingTest {

    private static final String SPREAD =
            "min \\d+\\.\\d{3}, p50 \\d+\\.\\d{3}, p90 \\d+\\.\\d{3}, p99 \\d+\\.\\d{3}, max \\d+\\.\\d{3} ms";

    @TempDir
    private Path inbox;

    private ToolRun receiving;

    @BeforeEach
    void listen() {
        receiving = ToolRun.start("receive", inbox.toString());
    }

    @AfterEach
    void breakOff() throws Exception {
        receiving.interrupt();
        assertThat(receiving.exitCode()).isZero();
    }

    @Test
    void figuresOfAllRoundTripsArePrintedAtTheEnd() throws Exception {
        ToolRun ping = ToolRun.run("ping", receiving.address(), "--count", "25", "--interval", "1");

        assertThat(ping.exitCode()).as(ping.err().text()).isZero();
        assertThat(ping.out().text()).matches("25 round trips: " + SPREAD + "\\R");
        assertThat(ping.err().text())
                .startsWith("connected to ")
                .contains("\n1 of 25: ")
                .containsPattern("25 of 25: \\d+\\.\\d{3} ms; " + SPREAD);
    }

    @Test
    void oneIsEnough() throws Exception {
        ToolRun ping = ToolRun.run("ping", receiving.address(), "--count", "1", "--progress", "none");

        assertThat(ping.exitCode()).as(ping.err().text()).isZero();
        assertThat(ping.out().text()).startsWith("1 round trip: ");
        assertThat(ping.err().text().lines()).hasSize(1);
    }

    @Test
    void programsGetTheFiguresAsAnObject() throws Exception {
        ToolRun ping = ToolRun.run("ping", receiving.address(), "--count", "2", "--interval", "1", "--json");

        assertThat(ping.out().text()).matches("\\{\"roundTrips\":2,(\"\\w+Millis\":\\d+\\.\\d+(E-\\d)?,?){5}}\\R");
    }

    @Test
    void verboseTellsWhoseCipherSealsTheRecords() throws Exception {
        ToolRun ping = ToolRun.run("--verbose", "ping", receiving.address(), "--count", "1");

        assertThat(ping.exitCode()).as(ping.err().text()).isZero();
        assertThat(ping.err().text())
                .startsWith("[records are sealed by " + whatTheClassPathBrings() + " ")
                .contains("ConnectionReady");
    }

    /** The native one where it loads; the build has it on the class path. */
    private static String whatTheClassPathBrings() {
        String system = System.getProperty("os.name");
        return system.equals("Linux") || system.startsWith("Mac") ? "AmazonCorrettoCryptoProvider" : "SunJCE";
    }

    @Test
    void figuresSoFarArePrintedWhenBrokenOff() throws Exception {
        ToolRun ping = ToolRun.start("ping", receiving.address(), "--count", "100000", "--interval", "60000");
        ping.err().await("1 of 100000");

        ping.interrupt();

        assertThat(ping.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(ping.out().text()).matches("1 round trip: " + SPREAD + "\\R");
        assertThat(ping.err().text()).doesNotContain("broken off");
    }

    @Test
    void figuresSoFarArePrintedWhenThePeerGoes() throws Exception {
        ToolRun ping = ToolRun.start("ping", receiving.address(), "--count", "2", "--interval", "60000");
        ping.err().await("1 of 2");

        receiving.interrupt();

        assertThat(ping.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(ping.out().text()).startsWith("1 round trip: ");
        assertThat(ping.err().text()).contains("broken off: ");
    }

    @Test
    void otherPeerThanTheExpectedIsNotPinged() throws Exception {
        String address =
                receiving.address().replaceAll("#.*", "#") + Identity.generate().peerId();

        ToolRun ping = ToolRun.run("ping", address);

        assertThat(ping.exitCode()).isEqualTo(ExitCode.NOT_TRUSTED);
        assertThat(ping.out().text()).isEmpty();
    }
}
