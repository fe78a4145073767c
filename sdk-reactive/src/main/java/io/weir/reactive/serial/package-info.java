/** Work that any thread may cause and one does at a time, without locks. */
@NullMarked
package io.weir.reactive.serial;

import org.jspecify.annotations.NullMarked;
