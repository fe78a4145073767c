package io.weir.reactive.architecture;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.lang.ArchRule;

/** Who may see whom among the rooms of a session, as the picture in {@code docs-site/design.md} has it. */
final class SessionRooms {

    private SessionRooms() {}

    /** The rule for the session in this package and the rooms below it. */
    static ArchRule arrowsPointOneWay(String session) {
        return layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(session + "..")
                .withOptionalLayers(true)
                .layer("setup")
                .definedBy(session + ".setup..")
                .layer("session")
                .definedBy(session)
                .layer("stream")
                .definedBy(session + ".stream..")
                .layer("message")
                .definedBy(session + ".message..")
                .layer("carrier")
                .definedBy(session + ".carrier..")
                .layer("port")
                .definedBy(session + ".port..")
                .layer("packet")
                .definedBy(session + ".packet..")
                .layer("memory")
                .definedBy(session + ".memory..")
                .layer("dispatch")
                .definedBy(session + ".dispatch..")
                .layer("loop")
                .definedBy(session + ".loop..")
                .whereLayer("setup")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("session")
                .mayOnlyBeAccessedByLayers("setup")
                .whereLayer("stream")
                .mayOnlyBeAccessedByLayers("session")
                .whereLayer("message")
                .mayOnlyBeAccessedByLayers("session")
                .whereLayer("carrier")
                .mayOnlyBeAccessedByLayers("session")
                .whereLayer("port")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("packet")
                .mayOnlyBeAccessedByLayers("port")
                .whereLayer("memory")
                .mayOnlyBeAccessedByLayers("session", "stream", "message")
                .whereLayer("dispatch")
                .mayOnlyBeAccessedByLayers("session", "stream", "message")
                .because("streams, messages and memory see a session through its SessionContext only");
    }
}
