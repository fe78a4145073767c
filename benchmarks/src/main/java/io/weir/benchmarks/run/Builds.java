package io.weir.benchmarks.run;

import io.weir.benchmarks.child.Peers;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Makes peers of other builds of Weir: the sources of a commit are taken out of git into a directory of their own (an
 * archive, so that nothing of it is left in the repository), its core and reactive modules compiled there once, and the
 * harness's own peer compiled against them. Third-party libraries are those of the harness for all.
 */
final class Builds {
    private static final String WEIR = "weir";
    private static final int SHORT_COMMIT = 12;
    private static final List<String> MODULES = List.of("sdk-core", "sdk-reactive");
    private static final Path PEER_SOURCES = Path.of("src", "main", "java", "io", "weir", "benchmarks", "peer", "weir");

    private final Path home;
    private final Path root;
    private final Path directory;
    private final Consumer<String> progress;

    /**
     * Builds in the target folder of the benchmarks' module.
     *
     * @param home directory of that module
     * @param progress told in a line what happens
     */
    Builds(Path home, Consumer<String> progress) {
        this.home = home.toAbsolutePath().normalize();
        this.root = this.home.resolveSibling("").normalize();
        this.directory = this.home.resolve(Path.of("target", "builds"));
        this.progress = progress;
    }

    /** The candidate of that build; {@link IllegalArgumentException} if there is no such commit or it does not compile. */
    Candidate candidate(BuildOption option) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path given = Path.of(option.where());
        boolean isDirectory = Files.isDirectory(given);
        String commit = isDirectory
                ? run(option, given, "git", "rev-parse", "HEAD").strip()
                : run(option, root, "git", "rev-parse", "--verify", "--end-of-options", option.where() + "^{commit}")
                        .strip();
        Path sources = isDirectory ? given.toAbsolutePath().normalize() : checkout(option, commit);
        if (isDirectory) {
            compile(option, sources);
        }
        String classPath = classPath(option, sources);
        String description = Peers.byId(WEIR).description() + ", built from "
                + (isDirectory ? "a working tree at " : "") + commit.substring(0, SHORT_COMMIT);
        return new Candidate(option.id(), WEIR, classPath, description);
    }

    private Path checkout(BuildOption option, String commit) throws IOException, InterruptedException {
        Path sources = directory.resolve(commit.substring(0, SHORT_COMMIT));
        Path complete = sources.resolve(".complete");
        if (Files.exists(complete)) {
            return sources;
        }
        delete(sources);
        Files.createDirectories(sources);
        Path archive = sources.resolve("sources.tar");
        run(option, root, "git", "archive", "--format=tar", "-o", archive.toString(), commit);
        run(option, sources, "tar", "-xf", archive.toString());
        Files.delete(archive);
        compile(option, sources);
        Files.createFile(complete);
        return sources;
    }

    private void compile(BuildOption option, Path sources) throws IOException, InterruptedException {
        progress.accept("compiling " + option.id() + " in " + sources);
        List<String> maven =
                List.of("mvn", "-B", "-q", "-pl", String.join(",", MODULES), "-am", "process-classes", "-o");
        try {
            run(option, sources, maven.toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            // Offline first: what fails offline is tried again with the network.
            run(option, sources, maven.subList(0, maven.size() - 1).toArray(String[]::new));
        }
    }

    /** The build's classes, the peer compiled against them, and of the harness everything but its own Weir. */
    private String classPath(BuildOption option, Path sources) throws IOException {
        List<String> build = MODULES.stream()
                .map(module ->
                        sources.resolve(Path.of(module, "target", "classes")).toString())
                .toList();
        List<String> harness = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> MODULES.stream()
                        .noneMatch(module ->
                                Path.of(entry).toAbsolutePath().normalize().startsWith(root.resolve(module))))
                .toList();
        Path peer = directory.resolve("peer-" + option.name());
        delete(peer);
        Files.createDirectories(peer);
        String against =
                String.join(File.pathSeparator, build) + File.pathSeparator + String.join(File.pathSeparator, harness);
        compilePeer(option, peer, against);
        return peer + File.pathSeparator + against;
    }

    private void compilePeer(BuildOption option, Path output, String classPath) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalArgumentException(option.id() + " needs a JDK, and the harness runs on a JRE");
        }
        List<Path> sources;
        try (Stream<Path> files = Files.list(home.resolve(PEER_SOURCES))) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        StringWriter messages = new StringWriter();
        List<String> options =
                List.of("--release", "17", "-proc:none", "-nowarn", "-cp", classPath, "-d", output.toString());
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean compiled = compiler.getTask(
                            messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!compiled) {
                throw new IllegalArgumentException(
                        "the harness's peer does not compile against " + option.id() + ":\n" + messages);
            }
        }
    }

    /** Runs a command to its end and returns what it printed. */
    private static String run(BuildOption option, Path in, String... command) throws IOException, InterruptedException {
        Process process = Subprocesses.start(
                new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalArgumentException("--build = " + option.name() + "=" + option.where() + ": "
                    + Arrays.stream(command).collect(Collectors.joining(" ")) + " failed:\n" + output.strip());
        }
        return output;
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = new ArrayList<>(walk.toList());
        }
        for (int i = all.size() - 1; i >= 0; i--) {
            Files.delete(all.get(i));
        }
    }
}
