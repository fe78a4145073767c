package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.config.TinkConfig2026;
import io.weir.core.identity.PeerId;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir keygen} and {@code weir id}. */
final class KeyCommandsTest {

    @TempDir
    private Path folder;

    @Test
    void keygenPrintsThePeerIdThatIdReadsBack() throws Exception {
        String key = folder.resolve("me.key").toString();

        ToolRun made = ToolRun.run("keygen", key);
        ToolRun read = ToolRun.run("id", key);

        assertThat(made.exitCode()).isZero();
        assertThat(read.exitCode()).isZero();
        assertThat(read.out().text()).isEqualTo(made.out().text());
        assertThat(PeerId.parse(read.out().text().strip())).isNotNull();
        assertThat(made.err().text()).isEmpty();
    }

    @Test
    void programsGetAnObject() throws Exception {
        String key = folder.resolve("me.key").toString();

        String made = ToolRun.run("keygen", key, "--json").out().text();

        assertThat(made)
                .isEqualTo("{\"id\":\"" + ToolRun.run("id", key).out().text().strip() + "\"}\n");
        assertThat(ToolRun.run("id", key, "--json").out().text()).isEqualTo(made);
    }

    @Test
    void keygenLeavesAnExistingFileAsItIs() throws Exception {
        Path key = Files.writeString(folder.resolve("me.key"), "precious");

        ToolRun run = ToolRun.run("keygen", key.toString());

        assertFails(run, ExitCode.KEY_FILE, "exists");
        assertThat(key).hasContent("precious");
    }

    @Test
    void keygenReplacesWhenForced() throws Exception {
        Path key = Files.writeString(folder.resolve("me.key"), "old");

        ToolRun made = ToolRun.run("keygen", "--force", key.toString());

        assertThat(made.exitCode()).isZero();
        assertThat(ToolRun.run("id", key.toString()).out().text())
                .isEqualTo(made.out().text());
    }

    @Test
    void keygenIntoNoDirectoryFails() throws Exception {
        assertFails(
                ToolRun.run("keygen", folder.resolve("none/me.key").toString()), ExitCode.KEY_FILE, "does not exist");
    }

    @Test
    void missingKeyFileIsSaid() throws Exception {
        assertFails(ToolRun.run("id", folder.resolve("none.key").toString()), ExitCode.KEY_FILE, "none.key");
    }

    @Test
    void directoryIsNoKeyFile() throws Exception {
        assertFails(ToolRun.run("id", folder.toString()), ExitCode.KEY_FILE, "director");
    }

    @Test
    void emptyKeyFileIsSaid() throws Exception {
        Path key = Files.createFile(folder.resolve("empty.key"));

        assertFails(ToolRun.run("id", key.toString()), ExitCode.KEY_FILE, "empty");
    }

    @Test
    void otherFileIsNoKeyFile() throws Exception {
        Path key = Files.writeString(folder.resolve("text.key"), "dear diary\n");

        assertFails(ToolRun.run("id", key.toString()), ExitCode.KEY_FILE, "not a Tink keyset");
    }

    @Test
    void keyOfAnotherKindIsRefusedByEveryCommand() throws Exception {
        KeysetHandle aead = KeysetHandle.newBuilder()
                .setConfiguration(AeadConfig2026.get())
                .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                        .withRandomId()
                        .makePrimary())
                .build();
        String key = Files.writeString(
                        folder.resolve("aead.key"),
                        TinkJsonProtoKeysetFormat.serializeKeyset(
                                aead, TinkConfig2026.get(), InsecureSecretKeyAccess.get()))
                .toString();
        String any = folder.resolve("aead.key").toString();

        assertFails(ToolRun.run("id", key), ExitCode.KEY_FILE, "aead.key");
        assertFails(ToolRun.run("send", any, "tcp://127.0.0.1:9", "--identity", key), ExitCode.KEY_FILE, "aead.key");
        assertFails(ToolRun.run("receive", folder.toString(), "--identity", key), ExitCode.KEY_FILE, "aead.key");
        assertFails(ToolRun.run("pipe", "tcp://127.0.0.1:9", "--identity", key), ExitCode.KEY_FILE, "aead.key");
    }

    private static void assertFails(ToolRun run, int exitCode, String part) throws Exception {
        assertThat(run.exitCode()).as(run.err().text()).isEqualTo(exitCode);
        assertThat(run.err().text().lines())
                .singleElement()
                .asString()
                .startsWith("weir: ")
                .contains(part);
        assertThat(run.out().text()).isEmpty();
    }
}
