namespace Actors.EndToEnd.Tests.Documentation;

/// <summary>The entry point of the compiled blocks. It runs each block and writes its outcome to a file.</summary>
internal static class ExampleRunner
{
    /// <summary>
    /// Returns the source of the entry point. Its first argument is the outcome file; the others name the blocks, by default all.
    /// </summary>
    /// <param name="blocks">The blocks and their methods.</param>
    public static string Source(IEnumerable<(string Name, string Method)> blocks) => $$"""
        internal static class Program
        {
            public static async Task Main(string[] args)
            {
                // Some blocks create files, which another run must not find.
                Directory.SetCurrentDirectory(Directory.CreateDirectory(args[0] + "-files").FullName);
                foreach (
                    var (name, run) in new (string, Func<Task>)[] { {{string.Join(
                        ", ", blocks.Select(block => $"(\"{block.Name}\", {block.Method})"))}} })
                {
                    if (args.Length > 1 && !args.Skip(1).Contains(name))
                        continue;
                    string outcome;
                    try
                    {
                        await run().WaitAsync(TimeSpan.FromSeconds(60));
                        outcome = "ok";
                    }
                    catch (Exception exception)
                    {
                        outcome = exception.ToString().ReplaceLineEndings(" ");
                    }

                    File.AppendAllText(args[0], $"{name}\t{outcome}\n");
                }
            }
        }
        """;
}
