return await Actors.Cli.ToolCommand.RunAsync(args);
