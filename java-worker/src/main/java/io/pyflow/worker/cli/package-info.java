/** The command line of the worker. */
@NullMarked
package io.pyflow.worker.cli;

import org.jspecify.annotations.NullMarked;
