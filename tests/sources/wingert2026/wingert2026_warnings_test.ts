import { assertEquals } from "../../support/assert.ts";
import {
  cellList,
  CELLS,
  EPOCHS,
  RECORDING,
  recordingTarball,
  respJson,
  wingertSessions,
  withFolder,
  withRecording,
} from "./_wingert_release.ts";
import { firstOf, itemAt } from "../../support/item_at.ts";

Deno.test("wingert2026: of two recordings of a session, keeps the one named so", () =>
  withFolder({
    "cell_list.csv": cellList(),
    "recordings/AAA001a_0.tgz": recordingTarball(RECORDING),
    "recordings/TST001a_1.tgz": recordingTarball(RECORDING),
    "recordings/TST001a_2.tgz": recordingTarball(RECORDING),
  }, async (folder) => {
    const { warnings } = await wingertSessions(folder);
    const message = "session TST001a is read from TST001a_1.tgz: dropped";
    const archive = `${folder}/recordings`;
    const kind = "duplicate-recording";
    const cause = undefined;
    assertEquals(warnings, [
      { kind, message, archive, member: "AAA001a_0.tgz", count: 1, cause },
      { kind, message, archive, member: "TST001a_2.tgz", count: 2, cause },
    ]);
  }));

Deno.test("wingert2026: or keeps the first by name, a tarball before a folder", () =>
  withFolder({
    "cell_list.csv": cellList(),
    ...Object.fromEntries(
      Object.entries(RECORDING).map(([end, file]) => [
        `recordings/AAA/x.${end}`,
        file,
      ]),
    ),
    "recordings/b.tgz": recordingTarball(RECORDING),
    "recordings/a.tgz": recordingTarball(RECORDING),
  }, async (folder) => {
    const { sessions, warnings } = await wingertSessions(folder);
    assertEquals(sessions.length, 1);
    assertEquals(
      warnings.map(({ member, message }) => [member, message]),
      ["b.tgz", "AAA"].map((member) => [
        member,
        "session TST001a is read from a.tgz: dropped",
      ]),
    );
  }));

Deno.test("wingert2026: a recording without cells is left out", () =>
  withFolder({
    "cell_list.csv": cellList(),
    "recordings/TST001a_0.tgz": recordingTarball({
      "resp.json": respJson({ chans: [] }),
    }),
    "recordings/TST001a_1.tgz": recordingTarball(RECORDING),
  }, async (folder) => {
    const { sessions, warnings } = await wingertSessions(folder);
    const [session] = firstOf(1, sessions);
    assertEquals((await session.presentations()).length, 2);
    assertEquals(
      warnings.map(({ kind, member }) => [kind, member]),
      [["empty-recording", "TST001a_0.tgz"]],
    );
  }));

Deno.test("wingert2026: the first cell names the session of a recording", () =>
  withRecording({
    "resp.h5": "part:resp",
    "resp.json": respJson({ chans: [CELLS[0], "TST009z-001-1", CELLS[1]] }),
  }, async (folder) => {
    const { sessions, warnings } = await wingertSessions(folder);
    const [session] = firstOf(1, sessions);
    assertEquals(session.id, "TST001a");
    assertEquals(
      warnings.map(({ kind, message }) => [kind, message]),
      [
        [
          "mixed-sessions",
          "its cells are of TST001a and TST009z: taken for TST001a",
        ],
        [
          "missing-cell",
          `cell ${CELLS[2]} is not in it: without responses`,
        ],
      ],
    );
  }));

Deno.test("wingert2026: a cell that its recording lacks has no responses", () =>
  withRecording({
    "resp.json": respJson({ chans: CELLS.slice(0, 1) }),
  }, async (folder) => {
    const { sessions, warnings } = await wingertSessions(folder);
    const [session] = firstOf(1, sessions);
    assertEquals(session.cells.length, 3);
    for (const { read } of await session.presentations()) {
      const { responses } = await read();
      assertEquals(
        responses.map((response) => response !== null),
        [true, false, false],
      );
    }
    assertEquals(
      warnings.map(({ kind, member, count, message }) => [
        kind,
        member,
        count,
        message.split(" ")[1],
      ]),
      [
        ["missing-cell", "TST001a_0.tgz", 1, CELLS[1]],
        ["missing-cell", "TST001a_0.tgz", 2, CELLS[2]],
      ],
    );
  }));

Deno.test("wingert2026: an epoch of a stimulus that is not there is ignored", () =>
  withRecording({ "stim.h5": "part:stim-one" }, async (folder) => {
    const { sessions, warnings } = await wingertSessions(folder);
    const [session] = firstOf(1, sessions);
    assertEquals((await session.presentations()).length, 1);
    await session.presentations();
    assertEquals(
      warnings.map(({ kind, member, message }) => [kind, member, message]),
      [[
        "unknown-stimulus",
        "TST001a_0.tgz!TST001a/TST001a.resp.epoch.csv",
        'no stimulus is named "STIM_b.wav"',
      ]],
    );
  }));

Deno.test("wingert2026: another length than the two usual ones is read, with a warning", () =>
  withRecording({
    "stim.h5": "part:stim-short",
    "resp.epoch.csv": EPOCHS.replaceAll("TRIAL", "STIM_none"),
  }, async (folder) => {
    const { sessions, warnings } = await wingertSessions(folder);
    const [session] = firstOf(1, sessions);
    const [, { stimulus, read }] = firstOf(2, await session.presentations());
    const tensor = await stimulus.read();
    assertEquals("shape" in tensor && tensor.shape, [1, 32, 1500]);
    assertEquals(
      itemAt((await read()).responses[0]?.repeats ?? [], 0).length,
      1500,
    );
    assertEquals(
      warnings.map(({ kind, member, message }) => [kind, member, message]),
      [
        [
          "unknown-stimulus",
          "TST001a_0.tgz!TST001a/TST001a.resp.epoch.csv",
          'no stimulus is named "STIM_none"',
        ],
        [
          "unusual-length",
          "TST001a_0.tgz!TST001a/TST001a.stim.h5",
          "STIM_b.wav has 1500 bins, not 2000 or 2200",
        ],
      ],
    );
  }));
