using Actors;

await using var pool = await ProcessPool.StartAsync(2);
Console.WriteLine($"own type: {await pool.ApplyAsync(p => p.Name, new Person("Ann", 3))}");
var factor = 7;
Console.WriteLine($"map: {string.Join(",", await pool.MapAsync(x => x * factor, Enumerable.Range(1, 3)))}");
var lines = await pool.StarMapAsync((int number, string text) => new Line(number, text), new[] { (1, "x"), (2, "y") });
Console.WriteLine($"star map: {string.Join(",", lines.Select(line => line.Text + line.Number))}");

await using var manager = await Manager.StartAsync();
var queue = await manager.CreateQueueAsync<Person>(10);
await pool.ApplyAsync(q => q.Put(new Person("Bob", 4)), queue);
Console.WriteLine($"queue: {queue.Get().Name}");
var dictionary = await manager.CreateDictionaryAsync<string, Line>();
await pool.ApplyAsync(d => d["a"] = new Line(5, "five"), dictionary);
Console.WriteLine($"dictionary: {dictionary["a"].Text}");
var array = await manager.CreateArrayAsync<int>(10);
await pool.ApplyAsync(a => { a[3] = 9; }, array);
Console.WriteLine($"array: {array[3]}");

try
{
    await pool.ApplyAsync(() => throw new OwnException("mine"));
}
catch (OwnException exception)
{
    Console.WriteLine($"exception: {exception.Message}");
}

await using (var process = await WorkerProcess.StartAsync(Work, new Person("Zoe", 9)))
{
    await process.JoinAsync();
    Console.WriteLine($"process: {process.ExitCode}");
}

Console.WriteLine($"instance: {await pool.ApplyAsync(new Greeter("Hi").Greet, "you")}");
var counter = await manager.CreateAsync(() => new Counter());
Console.WriteLine($"service: {await counter.CallAsync(c => c.Add(4))}");
var items = new List<int>();
await foreach (var line in pool.IMap(x => new Line(x, "l"), Enumerable.Range(0, 3)))
    items.Add(line.Number);
Console.WriteLine($"imap: {string.Concat(items)}");
await pool.CompleteAsync();
Console.WriteLine("done");

static void Work(Person person)
{
    if (person.Age != 9)
        Environment.Exit(person.Age);
}

record Person(string Name, int Age);

record struct Line(int Number, string Text);

class OwnException(string message) : Exception(message);

class Greeter(string greeting)
{
    public string Greet(string name) => $"{greeting} {name}";
}

class Counter
{
    private int _count;

    public int Add(int more) => _count += more;
}
