@NullMarked
package io.weir.core.map;

import org.jspecify.annotations.NullMarked;
