package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.Identity;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir stats}, of a node that tells it to one identity. */
final class StatsTest {

    @TempDir
    private Path folder;

    private Path key;
    private ToolRun serving;

    @BeforeEach
    void serve() throws Exception {
        key = folder.resolve("me.key");
        ToolRun made = ToolRun.run("keygen", key.toString());
        serving = ToolRun.start(
                "serve",
                "--exec",
                "cat",
                "--port",
                "0",
                "--allow",
                Identity.generate().peerId().toString(),
                "--stats-to",
                made.out().text().strip());
    }

    @AfterEach
    void end() throws Exception {
        serving.interrupt();
        assertThat(serving.exitCode()).isZero();
    }

    @Test
    void figuresAreShownToWhomTheyAreFor() throws Exception {
        ToolRun ask = ToolRun.run("request", serving.address(), "exec", "x", "--identity", key.toString());
        assertThat(ask.out().text()).isEqualTo("x");

        ToolRun stats = ToolRun.run("stats", serving.address(), "--identity", key.toString());

        assertThat(stats.exitCode()).as(stats.err().text()).isZero();
        assertThat(stats.out().text())
                .containsPattern("(?m)^sessions +1$")
                .containsPattern("(?m)^accepted +2$")
                .containsPattern("(?m)^tcp.inbound.ended.node_closed +1$")
                .containsPattern("(?m)^requests.none +1$")
                .containsPattern("(?m)^turned_away.retries +0$")
                .containsPattern("(?m)^moves.followed +0$")
                .containsPattern("(?m)^moves.unproven +0$")
                .containsPattern("(?m)^late.elements +0$")
                .endsWith("\n\n");
    }

    @Test
    void asOftenAsOneLikesAndForPrograms() throws Exception {
        ToolRun stats = ToolRun.run(
                "stats", serving.address(), "--identity", key.toString(), "--count", "2", "--interval", "1", "--json");

        assertThat(stats.exitCode()).as(stats.err().text()).isZero();
        assertThat(stats.out().text().lines()).hasSize(2).satisfies(lines -> {
            assertThat(lines.get(0)).startsWith("{\"sessions\":1,\"accepted\":1,");
            assertThat(lines.get(1)).contains("\"requests.none\":1,");
        });
    }

    @Test
    void nobodyElseIsTold() throws Exception {
        assertThat(ToolRun.run("stats", serving.address()).exitCode()).isEqualTo(ExitCode.NOT_TRUSTED);
    }

    @Test
    void whoeverMayConnectIsNotToldForThat() throws Exception {
        ToolRun open = ToolRun.start(
                "serve",
                "--exec",
                "cat",
                "--stats-to",
                Identity.generate().peerId().toString());

        ToolRun stats = ToolRun.run("stats", open.address());

        assertThat(stats.exitCode()).isNotZero();
        assertThat(stats.out().text()).isEmpty();
        assertThat(stats.err().text())
                .containsPattern(
                        "weir: the peer does not tell this identity, [\\w-]{43}: there, --stats-to names whom it tells "
                                + "\\(NOT_ADMITTED\\)\n$");
        open.interrupt();
        assertThat(open.exitCode()).isZero();
    }

    @Test
    void nodeThatTellsNobodyIsSaid() throws Exception {
        ToolRun open = ToolRun.start("serve", "--exec", "cat");

        ToolRun stats = ToolRun.run("stats", open.address());

        assertThat(stats.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(stats.err().text())
                .contains("weir: the peer does not tell this identity, ")
                .endsWith(": there, --stats-to names whom it tells (NO_HANDLER)\n");
        open.interrupt();
    }
}
