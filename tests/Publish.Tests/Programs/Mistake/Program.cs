using Actors;

await using var pool = await ProcessPool.StartAsync(1);
await pool.ApplyAsync(text => text.ReadLine(), new StringReader("text"));
