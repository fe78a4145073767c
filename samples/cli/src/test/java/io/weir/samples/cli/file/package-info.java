/** Tests the file's way over a stream piece by piece. */
@NullMarked
package io.weir.samples.cli.file;

import org.jspecify.annotations.NullMarked;
