package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code weir send} of directories and several files. */
final class DirectoryTest {

    private static final long SEED = 20_260_102;

    @TempDir
    private Path folder;

    private Path inbox;
    private Path photos;

    @BeforeEach
    void makeFolders() throws IOException {
        inbox = Files.createDirectory(folder.resolve("inbox"));
        photos = Files.createDirectories(folder.resolve("photos"));
        file("photos/a.jpg", 100_000);
        file("photos/2024/b.jpg", 40_000);
        file("photos/2024/deep/er/.hidden", 10);
        file("photos/empty.txt", 0);
        Files.createDirectories(photos.resolve("nothing/in it"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "udp", "quic"})
    void directoryArrivesWithAllThatIsBelowIt(String scheme) throws Exception {
        ToolRun receive = receive("--listen", scheme + "://127.0.0.1:0");

        ToolRun send = ToolRun.run("send", photos.toString(), receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(receive.exitCode()).as(receive.err().text()).isZero();
        assertSame(photos, inbox.resolve("photos"));
        assertThat(send.err().text()).contains("sent 5 files: 140,010 bytes");
        assertThat(send.out().text().lines())
                .hasSize(4)
                .allMatch(line -> line.matches("[0-9a-f]{64}  " + photos + "/.*"));
        assertThat(receive.out().text().lines().skip(1)).hasSize(4);
    }

    @Test
    void severalFilesAndDirectoriesAreOneTransfer() throws Exception {
        Path one = file("one", 1_000);
        Path two = file("two", 2_000);
        ToolRun receive = receive("--json");
        String address = receive.out().await("tcp://").replaceAll(".*\"address\":\"([^\"]*)\".*", "$1");

        ToolRun send = ToolRun.run("send", two.toString(), photos.toString(), one.toString(), address, "--json");

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(receive.exitCode()).as(receive.err().text()).isZero();
        assertSame(photos, inbox.resolve("photos"));
        assertThat(inbox.resolve("one")).hasSameBinaryContentAs(one);
        List<String> names = send.out()
                .text()
                .lines()
                .map(line -> line.replaceAll(".*\"name\":\"([^\"]*)\".*", "$1"))
                .toList();
        assertThat(names).hasSize(7).startsWith("two").endsWith("one").contains("photos/nothing/in it/");
        assertThat(receive.out().text()).contains("{\"path\":\"" + inbox + "/photos/2024/b.jpg\",\"sha256\":\"");
    }

    @Test
    void whatExistsIsRefusedAndTheOthersArrive() throws Exception {
        Files.createDirectories(inbox.resolve("photos/2024"));
        Files.writeString(inbox.resolve("photos/2024/b.jpg"), "precious");
        ToolRun receive = receive();

        ToolRun send = ToolRun.run("send", photos.toString(), receive.address());

        assertThat(send.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(send.err().text())
                .contains("b.jpg: the receiver refused it: there is a file 'photos/2024/b.jpg' already")
                .endsWith("weir: 1 of 5 were not taken\n");
        assertThat(receive.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(inbox.resolve("photos/2024/b.jpg")).hasContent("precious");
        assertThat(inbox.resolve("photos/a.jpg")).hasSameBinaryContentAs(photos.resolve("a.jpg"));
    }

    @Test
    void directoryThatWasSentBeforeIsSentNoMore() throws Exception {
        ToolRun receive = ToolRun.start("receive", inbox.toString());
        assertThat(ToolRun.run("send", photos.toString(), receive.address()).exitCode())
                .isZero();
        Path added = file("photos/2024/c.jpg", 7);

        ToolRun again = ToolRun.run("send", photos.toString(), receive.address());

        assertThat(again.exitCode()).as(again.err().text()).isZero();
        assertThat(again.err().text()).contains("sent 6 files: 7 bytes");
        assertThat(again.out().text().lines()).hasSize(5);
        assertThat(inbox.resolve("photos/2024/c.jpg")).hasSameBinaryContentAs(added);
        receive.interrupt();
    }

    @Test
    void linkInTheReceiversDirectoryIsNotFollowed() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.createSymbolicLink(inbox.resolve("photos"), outside);
        ToolRun receive = receive();

        ToolRun send = ToolRun.run("send", photos.toString(), receive.address());

        assertThat(send.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(send.err().text()).contains("leads through what is no directory here");
        assertThat(receive.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void linksBelowADirectoryAreLeftOutAndTold() throws Exception {
        Files.createSymbolicLink(photos.resolve("passwords"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(photos.resolve("everything"), Path.of("/"));
        ToolRun receive = receive();

        ToolRun send = ToolRun.run("send", photos.toString(), receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(send.err().text()).contains("left out, as links and devices in directories are: 2\n");
        assertThat(receive.exitCode()).isZero();
        Files.delete(photos.resolve("passwords"));
        Files.delete(photos.resolve("everything"));
        assertSame(photos, inbox.resolve("photos"));
    }

    @Test
    void linkThatIsGivenIsTheDirectoryItLeadsTo() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), photos);
        ToolRun receive = receive();

        ToolRun send = ToolRun.run("send", link.toString(), receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertSame(photos, inbox.resolve("link"));
    }

    @Test
    void directoryTravelsUnderTheNameGiven() throws Exception {
        ToolRun receive = receive();

        ToolRun send = ToolRun.run("send", photos.toString(), receive.address(), "--name", "pictures");

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertSame(photos, inbox.resolve("pictures"));
        ToolRun two = ToolRun.run("send", photos.toString(), photos.toString(), receive.address(), "--name", "x");
        assertThat(two.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(two.err().text()).contains("--name is for one file, there are 2");
    }

    @Test
    void nameThatNoReceiverTakesIsRefusedBeforeDialling() throws Exception {
        file("photos/2024/aux.c", 1);

        ToolRun send = ToolRun.run("send", photos.toString(), "tcp://127.0.0.1:9");

        assertThat(send.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(send.err().text())
                .isEqualTo("weir: the file name 'photos/2024/aux.c' is refused: it is a device on some systems\n");
    }

    private ToolRun receive(String... more) {
        return ToolRun.start(Stream.concat(Stream.of("receive", inbox.toString(), "--once"), Stream.of(more))
                .toArray(String[]::new));
    }

    private Path file(String name, int size) throws IOException {
        byte[] content = new byte[size];
        new SplittableRandom(SEED + size).nextBytes(content);
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private static void assertSame(Path sent, Path arrived) throws IOException {
        assertThat(names(arrived)).isEqualTo(names(sent));
        for (String name : names(sent)) {
            if (Files.isRegularFile(sent.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                assertThat(arrived.resolve(name)).hasSameBinaryContentAs(sent.resolve(name));
            }
        }
    }

    private static List<String> names(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            List<String> names = new ArrayList<>(
                    walk.map(path -> root.relativize(path).toString()).toList());
            names.sort(Comparator.naturalOrder());
            return names;
        }
    }
}
